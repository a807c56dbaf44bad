/**
 * `npm run bench -- NAME [--json] [--check] [--save] [--compare [FILE]] [--absolute] [--rounds N]`: measures and prints figures. `--check` exits with
 * 1 where a target is missed, `--compare` where a figure is worse than the stored one beyond the noise of both. Times depend on the machine; the
 * targets are for two quiet cores.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'

import { BENCHMARKS } from './benchmarks.ts'
import { baselinePath, readBaseline, saveBaseline, type StoredRun } from './compare/baseline.ts'
import { compareFigures, RULE } from './compare/comparison.ts'
import { toMachineClass } from './compare/machine-class.ts'
import { printComparison } from './compare/print.ts'
import { combineRounds } from './compare/rounds.ts'
import { printFigures, type Figure } from './figure.ts'

const USAGE = `Usage: npm run bench -- NAME [options]
       npm run bench -- docs [NAME...]    measures, all but soak or those that are named, and writes docs/benchmarks.md

  --json            prints the figures as JSON
  --check           exits with 1 where a target is missed
  --save            keeps the figures as the baseline of this class of machines (bench/baseline/)
  --compare [FILE]  compares with the baseline of this class, or with FILE; exits with 1 on a regression
  --absolute        judges times, rates and memory too, not only ratios and counts
  --rounds N        how often the benchmark is run for --save and --compare

${RULE}
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
    absolute: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const [name = '', file] = positionals
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined
const machineClass = toMachineClass({
  cpuModel: cpus()[0]?.model ?? '',
  cpus: cpus().length,
  nodeVersion: process.version,
})

if (name === 'docs' && !values.help) {
  const { writeDocs } = await import('./docs/docs.ts')
  process.exitCode = await writeDocs(positionals.slice(1))
} else if (benchmark === undefined || values.help || (file !== undefined && !values.compare)) {
  const width = Math.max(...Object.keys(BENCHMARKS).map(({ length }) => length))
  const known = Object.entries(BENCHMARKS).map(([key, { what }]) => `  ${key.padEnd(width)}  ${what}`)
  const text = `${USAGE}\n${known.join('\n')}\n\nThis machine is of the class ${machineClass}.`
  if (values.help) console.log(text)
  else console.error(text)
  process.exitCode = values.help ? 0 : 2
} else {
  // Before minutes of measuring: there must be something to compare with.
  const path = values.compare ? (file ?? baselinePath(machineClass)) : ''
  const stored = values.compare ? await readStored(path) : undefined
  if (values.compare && stored === undefined) {
    console.error(`${path} has no figures of ${name}. They are kept with: npm run bench -- ${name} --save`)
    process.exitCode = 2
  } else await run(stored, path)
}

async function readStored(path: string): Promise<StoredRun | undefined> {
  const baseline = await readBaseline(path)
  if (baseline !== undefined && baseline.machineClass !== machineClass)
    console.error(
      `The figures are of another class of machines: ${baseline.machineClass}, not ${machineClass}.`,
    )
  return baseline?.benchmarks[name]
}

async function run(stored: StoredRun | undefined, path: string): Promise<void> {
  const figures = await measure()
  const comparison =
    stored === undefined ? undefined : compareFigures(stored.figures, figures, values.absolute)
  if (values.json)
    console.log(JSON.stringify(comparison === undefined ? figures : { figures, comparison }, null, 2))
  else {
    printFigures(figures)
    if (comparison !== undefined && stored !== undefined)
      printComparison(comparison, `${path}, ${stored.date}, Node ${stored.node}`)
  }
  if (values.save) {
    const date = new Date().toISOString().slice(0, 10)
    await saveBaseline(baselinePath(machineClass), machineClass, name, {
      node: process.version,
      date,
      figures,
    })
    console.error(`Kept in ${baselinePath(machineClass)}`)
  }
  if (values.check && figures.some(({ ok }) => !ok)) process.exitCode = 1
  if (comparison !== undefined && comparison.regressions.length > 0) process.exitCode = 1
}

async function measure(): Promise<readonly Figure[]> {
  const measureOnce = (await benchmark?.load()) ?? (() => Promise.resolve([]))
  const isKept = values.save || values.compare
  const asked = values.rounds === undefined ? undefined : Number(values.rounds)
  const count = asked ?? (isKept ? (benchmark?.repeats ?? 1) : 1)
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`--rounds takes a number from 1 on.`)
  const rounds: (readonly Figure[])[] = []
  for (let round = 1; round <= count; round++) {
    if (count > 1) process.stderr.write(`round ${round} of ${count}\n`)
    rounds.push(await measureOnce())
  }
  return combineRounds(rounds)
}
