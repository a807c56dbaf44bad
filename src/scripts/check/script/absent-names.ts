import type { Tokens } from './tokens.ts'

const TIMERS = 'There are no timers; await a tool call instead.'
const NETWORK = 'There is no network; what reaches outside is a tool.'
const MODULES = 'There are no modules; a script has tools, console and ECMAScript.'
const PROCESS = 'There is no process, no environment and no file; what reaches outside is a tool.'
const BYTES = 'There is no such thing here; use Uint8Array and strings.'
const BROWSER = 'There is no browser; a script has tools, console and ECMAScript.'

/** What models take for granted and a run has not, with what there is instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  setTimeout: TIMERS,
  setInterval: TIMERS,
  setImmediate: TIMERS,
  clearTimeout: TIMERS,
  clearInterval: TIMERS,
  queueMicrotask: 'Use Promise.resolve().then().',
  fetch: NETWORK,
  XMLHttpRequest: NETWORK,
  WebSocket: NETWORK,
  axios: NETWORK,
  require: MODULES,
  module: MODULES,
  exports: MODULES,
  process: PROCESS,
  Deno: PROCESS,
  Bun: PROCESS,
  fs: PROCESS,
  __dirname: PROCESS,
  __filename: PROCESS,
  Buffer: BYTES,
  atob: BYTES,
  btoa: BYTES,
  TextEncoder: BYTES,
  TextDecoder: BYTES,
  URL: 'There is no URL; build it with encodeURIComponent.',
  URLSearchParams: 'There is none; use encodeURIComponent.',
  structuredClone: 'Use JSON.parse(JSON.stringify(value)).',
  crypto: 'There is no crypto; what needs it is a tool.',
  performance: 'Use Date.now().',
  window: BROWSER,
  document: BROWSER,
  localStorage: BROWSER,
  navigator: BROWSER,
  alert: BROWSER,
}

/** In ECMAScript, and taken away by sandbox/guest/harden.ts: TypeScript knows them. */
const TAKEN_AWAY = new Set(['SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry', 'eval'])

/** What a run has in place of a name, in one sentence. */
export function insteadOf(name: string): string | undefined {
  return Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined
}

/** The uses of names that ECMAScript has and a run has not. */
export function findTakenAway({ list }: Tokens): { readonly name: string; readonly offset: number }[] {
  return list.flatMap((token, index) => {
    if (token.kind !== 'name' || !TAKEN_AWAY.has(token.text)) return []
    const before = list[index - 1]?.text ?? ''
    const after = list[index + 1]?.text ?? ''
    const isUsed = before === 'new' || after === '.' || after === '('
    const isOwn = ['.', '?.', 'function', 'class', 'typeof'].includes(before)
    return isUsed && !isOwn ? [{ name: token.text, offset: token.start }] : []
  })
}
