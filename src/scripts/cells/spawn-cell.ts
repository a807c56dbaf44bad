import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A started cell: the process and its channel. */
export interface SpawnedCell {
  readonly process: ChildProcess
  readonly channel: Socket
}

const SANDBOX = fileURLToPath(new URL('../../../sandbox/', import.meta.url))
const ENTRY = join(SANDBOX, 'cell', import.meta.url.endsWith('.ts') ? 'boot.js' : 'main.js')

/**
 * Starts a cell process. It gets no environment, no descriptor but its channel (3) and its error output (2), may read
 * its own code and the packages that it is made of, and may not write files, start processes or threads.
 *
 * `--no-node-snapshot` is required by isolated-vm. The permission model is a second fence: the first one is that no
 * handle of the process is reachable from an isolate. It does not cover sockets; a script has no way to one.
 */
export function spawnCell(warmIsolates: number, memoryMb: number, maxFrameBytes: number): SpawnedCell {
  const flags = [
    '--no-node-snapshot',
    // A cell should be small: these three save 15 MB of 85.
    '--max-lazy',
    '--optimize-for-size',
    '--no-concurrent-recompilation',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    '--permission',
    '--allow-addons',
    ...readableFolders().map((folder) => `--allow-fs-read=${folder}`),
  ]
  const child = spawn(
    process.execPath,
    [...flags, ENTRY, String(warmIsolates), String(memoryMb), String(maxFrameBytes)],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: {},
      cwd: SANDBOX,
    },
  )
  // Index 3 is the channel that `stdio` above asks for: Node makes it a socket pair.
  return { process: child, channel: child.stdio[3] as Socket }
}

/** The sandbox's own code, and the packages beside it or above it. */
function readableFolders(): string[] {
  const packages = createRequire(import.meta.url).resolve('isolated-vm/package.json')
  const root = packages.slice(0, packages.lastIndexOf(`${sep}node_modules${sep}`))
  const own = dirname(SANDBOX)
  // A build has its sandbox one folder below the package's own package.json.
  // The loader of isolated-vm looks there for the kind of C library (musl or glibc).
  const libcMark = '/etc/alpine-release'
  return [
    SANDBOX,
    libcMark,
    join(root, 'node_modules'),
    join(own, 'package.json'),
    join(own, '..', 'package.json'),
    join(own, 'node_modules'),
  ].filter((path) => path === libcMark || existsSync(path))
}
