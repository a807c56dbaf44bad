import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const TSC = resolve(import.meta.dirname, '../../../node_modules/.bin/tsc')

/** Checks files strictly, each a module of its own; returns the diagnostics as `file(line,column): error …`. */
export async function compile(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'isogate-stubs-'))
  try {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      lib: ['es2024'],
      target: 'es2024',
      types: [],
      moduleDetection: 'force',
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    const output = await new Promise<string>((done) =>
      execFile(
        TSC,
        ['-p', folder, '--pretty', 'false'],
        { cwd: folder, maxBuffer: 1e8 },
        (_, stdout, stderr) => done(stdout + stderr),
      ),
    )
    return output.split('\n').filter((line) => line !== '')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
