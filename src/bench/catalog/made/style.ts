import type { Random } from './random.ts'
import { toWords } from './vocabulary.ts'

/** The habits of the people behind a server: all its tools share them. */
export interface Style {
  /** How its schemas are written: by a library for TypeScript, by one for Python, or by hand. */
  readonly schema: 'typescript' | 'python' | 'hand'
  readonly naming: 'snake' | 'camel' | 'dash'
  /** Names of tools begin with that of the service. */
  readonly isPrefixed: boolean
  /** Which of several verbs is taken. */
  readonly verb: number
  /** Which of several ways through a list, and of words for it, is taken. */
  readonly paging: 'cursor' | 'page' | 'offset'
  /** The share of parameters that are described. */
  readonly described: number
  /** Below zero for the terse. */
  readonly verbosity: number
  readonly isAnnotated: boolean
  /** The share of tools that declare their results. */
  readonly declared: number
}

/** Draws the habits of a server. */
export function drawStyle(random: Random): Style {
  const verbosity = random.next() + random.next() - 1
  const schema = pickShare(random, { typescript: 0.4, python: 0.28, hand: 0.32 })
  return {
    schema: schema === 'typescript' && verbosity < -0.6 ? 'hand' : schema,
    naming: pickShare(random, { snake: 0.76, camel: 0.12, dash: 0.12 }),
    isPrefixed: random.chance(0.1),
    verb: random.below(12),
    paging: pickShare(random, { cursor: 0.4, page: 0.35, offset: 0.25 }),
    described: schema === 'python' && random.chance(0.5) ? 0 : 0.72 + random.next() * 0.28,
    verbosity,
    isAnnotated: random.chance(0.22),
    declared: random.chance(0.22) ? 0.4 + random.next() * 0.6 : 0,
  }
}

function pickShare<Name extends string>(random: Random, shares: Readonly<Record<Name, number>>): Name {
  let left = random.next()
  const names = Object.keys(shares) as Name[]
  const found = names.find((name) => (left -= shares[name]) < 0)
  return found ?? random.pick(names)
}

/** Writes a name of words joined by `_` as the server does. */
export function spell(name: string, naming: Style['naming']): string {
  if (naming === 'dash') return name.replaceAll('_', '-')
  return naming === 'camel' ? toCamel(name) : name
}

/** Parameters are never written with dashes. */
export function spellParameter(name: string, { naming }: Style): string {
  return naming === 'camel' ? toCamel(name) : name
}

function toCamel(name: string): string {
  return name.replace(/_(\w)/g, (_whole, letter: string) => letter.toUpperCase())
}

/** `loan_period` as `Loan Period`. */
export function toTitle(name: string): string {
  return toWords(name).replace(/\b\w/g, (letter) => letter.toUpperCase())
}
