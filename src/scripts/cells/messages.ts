import { isRecord, isSize, type WireCall, type WireEnd, type WireFailure } from '../../../sandbox/wire.ts'
import type { ErrorCode } from '../../core/error-table.ts'
import type { LogLine, RunFailure } from '../../core/run.ts'

/**
 * Reads what a cell sent. A cell that has been taken over can send anything, so every member is looked at and copied;
 * undefined means that the message is not one, and that the cell must go.
 */
export type CellEvent =
  | { readonly type: 'ready'; readonly warm: number }
  | { readonly type: 'calls'; readonly run: number; readonly items: readonly WireCall[] }
  | { readonly type: 'log'; readonly run: number; readonly line: LogLine }
  | { readonly type: 'done'; readonly run: number; readonly end: CellEnd }

/** How the cell says that a run ended. */
export interface CellEnd {
  readonly failure?: RunFailure
  readonly logBytesCut: number
  readonly unawaited: readonly string[]
  /** As the cell counted it; calls by tool are counted by the gateway. */
  readonly usage: WireEnd['usage']
  /** It ended because it was told to where it waits. */
  readonly isSuspended: boolean
}

const LEVELS: readonly string[] = ['log', 'info', 'warn', 'error', 'debug'] satisfies LogLine['level'][]

const FAILURE_CODES: Readonly<Record<WireFailure['kind'], ErrorCode>> = {
  syntax: 'script_syntax',
  error: 'script_error',
  timeout: 'script_timeout',
  cpu: 'script_cpu',
  memory: 'script_memory',
  limit: 'script_limit',
  stalled: 'script_stalled',
  value: 'script_value',
  cancelled: 'script_cancelled',
  // What it means is for the gateway to say, which asked for it; unasked it is a fault of the cell.
  suspended: 'script_killed',
}

/** A key as the guest makes it; no cell has a reason to send another. */
const KEY = /^[0-9a-z]{1,12}(?:~\d{1,8})?$/

/** Texts that a cell sends for people are cut to this. */
const MAX_TEXT_CHARS = 20_000

/** Reads one message, or gives undefined where it is none. */
export function readCellEvent(message: unknown): CellEvent | undefined {
  if (!isRecord(message)) return undefined
  const { warm } = message
  if (message['type'] === 'ready') return isSize(warm) ? { type: 'ready', warm } : undefined
  const run = message['run']
  if (!isSize(run)) return undefined
  if (message['type'] === 'calls') return readCalls(run, message['items'])
  if (message['type'] === 'log') return readLog(run, message['level'], message['text'])
  if (message['type'] === 'done') return readDone(run, message['end'])
  return undefined
}

function readCalls(run: number, items: unknown): CellEvent | undefined {
  if (!Array.isArray(items)) return undefined
  const calls: WireCall[] = []
  for (const item of items) {
    if (!isRecord(item)) return undefined
    const { id, key, server, tool, line } = item
    if (!isSize(id) || typeof key !== 'string' || !KEY.test(key)) return undefined
    if (typeof server !== 'string' || typeof tool !== 'string') return undefined
    calls.push({
      id,
      key,
      server: server.slice(0, 256),
      tool: tool.slice(0, 256),
      ...(isSize(line) ? { line } : {}),
    })
  }
  return { type: 'calls', run, items: calls }
}

function readLog(run: number, level: unknown, text: unknown): CellEvent | undefined {
  if (typeof level !== 'string' || !LEVELS.includes(level) || typeof text !== 'string') return undefined
  return { type: 'log', run, line: { level: level as LogLine['level'], text: text.slice(0, MAX_TEXT_CHARS) } }
}

function readDone(run: number, end: unknown): CellEvent | undefined {
  if (!isRecord(end) || !isRecord(end['usage'])) return undefined
  const usage = end['usage']
  const read = (name: keyof WireEnd['usage']): number => {
    const value = usage[name]
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0
  }
  const failure = end['failure'] === undefined ? undefined : readFailure(end['failure'])
  const unawaited = Array.isArray(end['unawaited']) ? end['unawaited'] : []
  return {
    type: 'done',
    run,
    end: {
      ...(failure === undefined ? {} : { failure }),
      isSuspended: isRecord(end['failure']) && end['failure']['kind'] === 'suspended',
      logBytesCut: isSize(end['logBytesCut']) ? end['logBytesCut'] : 0,
      unawaited: unawaited.filter((label) => typeof label === 'string').slice(0, 20),
      usage: {
        wallMs: read('wallMs'),
        cpuMs: read('cpuMs'),
        toolWaitMs: read('toolWaitMs'),
        queueWaitMs: read('queueWaitMs'),
        calls: read('calls'),
        logBytes: read('logBytes'),
        argumentBytes: read('argumentBytes'),
        resultBytes: read('resultBytes'),
        memoryBytes: read('memoryBytes'),
      },
    },
  }
}

function readFailure(failure: unknown): RunFailure {
  const record = isRecord(failure) ? failure : {}
  const { kind, message, line, column, excerpt } = record
  const known = typeof kind === 'string' && Object.hasOwn(FAILURE_CODES, kind)
  return {
    code: known ? FAILURE_CODES[kind as WireFailure['kind']] : 'script_killed',
    message: typeof message === 'string' ? message.slice(0, MAX_TEXT_CHARS) : 'The script failed.',
    ...(isSize(line) ? { line } : {}),
    ...(isSize(column) ? { column } : {}),
    ...(typeof excerpt === 'string' ? { excerpt: excerpt.slice(0, 200) } : {}),
  }
}
