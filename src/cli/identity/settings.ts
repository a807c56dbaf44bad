import { resolve } from 'node:path'

import type { Command } from 'commander'

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { UsageError } from '../failure.ts'
import { toLine } from '../output/printable.ts'
import type { CliPorts } from '../ports.ts'

/** What is said of an organisation, a team or a key on the command line. */
export interface SettingsOptions {
  readonly settings?: string
  readonly title?: string
  readonly organisation?: string
  readonly team?: string
  readonly expires?: string
  readonly allow?: readonly string[]
  readonly ask?: readonly string[]
  readonly deny?: readonly string[]
  readonly auto?: readonly string[]
  readonly rate?: readonly string[]
  readonly concurrency?: string
  readonly budget?: readonly string[]
}

const MAX_FILE_BYTES = 1_024 * 1_024
const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const RATE = /^(?:(requests|calls)=)?(\d+)\/(second|minute|hour|day)$/
const BUDGET = /^(calls|money|tokens|sandboxSeconds)=(\d+(?:\.\d+)?)\/(minute|hour|day|week|month|total)$/

/** Adds the options from which settings are made. */
export function withSettingsOptions(command: Command): Command {
  const many = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]
  return command
    .option('--title <text>', 'name for people')
    .option('--allow <glob>', 'only tools that match can be used; may be given several times', many)
    .option('--ask <glob>', 'calls of these tools wait for an approval', many)
    .option('--deny <glob>', 'these tools cannot be used', many)
    .option('--auto <glob>', 'scripts may call these tools by themselves', many)
    .option('--rate <count/window>', 'calls in a window: 100/minute; or requests=100/minute', many)
    .option('--concurrency <count>', 'calls in flight at the same time')
    .option('--budget <unit=amount/window>', 'so much in a window: calls=1000/day, money=5/month', many)
    .option('--settings <file>', 'settings in JSON, as in a configuration; the options are added to them')
}

/**
 * Makes settings of the options; they are checked at the desk.
 *
 * @throws UsageError
 */
export async function readSettings(ports: CliPorts, options: SettingsOptions): Promise<JsonObject> {
  const { title, organisation, team, expires, concurrency, rate = [], budget = [] } = options
  const base = options.settings === undefined ? {} : await readFile(ports, options.settings)
  const policy = objectAt(base, 'policy')
  const limits = objectAt(base, 'limits')
  const lists = (['allow', 'ask', 'deny', 'auto'] as const).flatMap((list) => {
    const given = options[list]
    return given === undefined ? [] : [[list, [...listAt(policy, list), ...given]] as const]
  })
  return {
    ...base,
    ...(title === undefined ? {} : { title }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(team === undefined ? {} : { team }),
    ...(expires === undefined ? {} : { expires: toMoment(expires, ports.nowMs()) }),
    policy: { ...policy, ...Object.fromEntries(lists) },
    limits: {
      ...limits,
      ...(concurrency === undefined ? {} : { concurrency: toCount(concurrency) }),
      rates: [...listAt(limits, 'rates'), ...rate.map(toRate)],
      budgets: [...listAt(limits, 'budgets'), ...budget.map(toBudget)],
    },
  }
}

/** A time such as `24h`, in milliseconds. @throws UsageError */
export function toDurationMs(text: string, option: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  const unitMs = UNITS_MS[unit]
  if (unitMs === undefined)
    throw new UsageError(`${option} takes 90s, 15m, 24h, 30d or 4w, not "${toLine(text, 40)}".`)
  return Number(count) * unitMs
}

function toMoment(text: string, nowMs: number): string {
  if (/^\d{1,6}[smhdw]$/.test(text)) return new Date(nowMs + toDurationMs(text, '--expires')).toISOString()
  const isMoment = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const atMs = isMoment ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs))
    throw new UsageError(`--expires takes 30d, or a day or moment as 2027-01-31, not "${toLine(text, 40)}".`)
  return new Date(atMs).toISOString()
}

function toRate(text: string): JsonObject {
  const [, what = 'calls', count, per] = RATE.exec(text) ?? []
  if (count === undefined || per === undefined)
    throw new UsageError(`--rate takes 100/minute or requests=100/minute, not "${toLine(text, 40)}".`)
  return { [what]: Number(count), per }
}

function toBudget(text: string): JsonObject {
  const [, unit, amount, per] = BUDGET.exec(text) ?? []
  if (unit === undefined || per === undefined)
    throw new UsageError(`--budget takes calls=1000/day or money=5/month, not "${toLine(text, 40)}".`)
  return { unit, amount: Number(amount), per }
}

function toCount(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new UsageError(`--concurrency takes a number, not "${toLine(text, 40)}".`)
  return Number(text)
}

async function readFile(ports: CliPorts, file: string): Promise<JsonObject> {
  const text = file === '-' ? await ports.readStdin() : await readText(ports, file)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`The settings are not valid JSON: ${(cause as Error).message}.`)
  }
  if (!isJsonObject(value)) throw new UsageError('The settings must be one JSON object.')
  return value
}

async function readText({ readFile: read, cwd }: CliPorts, file: string): Promise<string> {
  const found = await read(resolve(cwd, file), MAX_FILE_BYTES)
  if (found.kind === 'text') return found.text
  const reason = found.kind === 'missing' ? 'it is not there' : found.reason
  throw new UsageError(`${toLine(file, 200)} cannot be read: ${reason}.`)
}

/** What is of another shape is left as it is, for the desk to refuse. */
function objectAt(base: JsonObject, member: string): JsonObject {
  const value = base[member] ?? {}
  if (!isJsonObject(value)) throw new UsageError(`\`${member}\` of the settings must be an object.`)
  return value
}

function listAt(base: JsonObject, member: string): readonly Json[] {
  const value = base[member] ?? []
  if (!Array.isArray(value)) throw new UsageError(`\`${member}\` of the settings must be a list.`)
  return value as readonly Json[]
}
