import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The native compiler of this machine. */
export interface NativeExecutable {
  readonly path: string
  /** The folder of the declarations of ECMAScript. */
  readonly libraries: string
}

/**
 * Its interface has no stable version and is spoken here as these versions speak it. Another one may have changed it: then the
 * reference compiler is used, until the contract suite has been run with it.
 */
const KNOWN_VERSIONS: readonly string[] = ['7.0.2']

/** Finds the native compiler of the package `typescript`, or says why there is none. */
export function findNativeExecutable(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): NativeExecutable | string {
  try {
    const require = createRequire(import.meta.url)
    const own = require.resolve('typescript/package.json')
    const { version } = require(own) as { version?: unknown }
    if (typeof version !== 'string' || !KNOWN_VERSIONS.includes(version))
      return `typescript ${String(version)} is installed, and ${KNOWN_VERSIONS.join(', ')} is known`
    const built = createRequire(own).resolve(`@typescript/typescript-${platform}-${arch}/package.json`)
    const libraries = join(dirname(built), 'lib')
    const path = join(libraries, platform === 'win32' ? 'tsc.exe' : 'tsc')
    return existsSync(path) ? { path, libraries } : 'the package of this platform has no compiler'
  } catch {
    return `typescript has no native compiler for ${platform} ${arch} here`
  }
}
