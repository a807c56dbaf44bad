import { createHash } from 'node:crypto'
import { type ToolRef, toolKey } from '../core/tool.ts'

/** What classic MCP clients accept as a tool's name. */
const EXPOSED_MAX = 64

/**
 * Names that the guest cannot use: `then` would make the object of a server a thenable, the others are
 * asked for by the language itself or reach a prototype.
 */
const UNUSABLE = new Set(['then', 'toJSON', 'valueOf', 'toString', 'constructor', 'prototype', '__proto__'])

/** A derived name with the way to tell it from others, in case somebody else has it. */
export interface Spelling {
  /** The name without a suffix. */
  readonly plain: string
  /** True where `plain` is what the server itself said; such a name has the first right to it. */
  readonly native: boolean
  /** The name with a suffix made of the identity alone; a higher level gives a longer suffix. */
  readonly suffixed: (level: number) => string
}

/** The exposed name of a tool: `server__tool`, matching `^[A-Za-z0-9_-]{1,64}$`. */
export function spellExposed(ref: ToolRef): Spelling {
  const whole = `${ref.server}__${ref.name}`
  const ascii = whole
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]/gu, '_')
  const suffixed = (level: number) => withSuffix(ascii, toolKey(ref), level, EXPOSED_MAX)
  const readable =
    /[A-Za-z0-9]/.test(ascii.slice(ref.server.length + 2)) && !/[^\P{L}A-Za-z]/u.test(bare(whole))
  if (ascii.length > EXPOSED_MAX || !readable) return { plain: suffixed(1), native: false, suffixed }
  return { plain: ascii, native: ascii === whole, suffixed }
}

/** The TypeScript identifier of a server or of a tool within its server. Letters of any script are kept. */
export function spellIdentifier(name: string): Spelling {
  let word = ''
  for (const char of name) word += isIdentifierPart(char) ? char : '_'
  if (/^\p{N}|^\p{M}|^$/u.test(word) || word.startsWith('$')) word = `_${word}`
  if (UNUSABLE.has(word)) word += '_'
  const base = word
  const suffixed = (level: number) => withSuffix(base, name, level, Infinity)
  // A name that lost all its letters says nothing: its suffix is there from the start.
  if (!/[\p{L}\p{N}]/u.test(word) && word !== name) return { plain: suffixed(1), native: false, suffixed }
  return { plain: word, native: word === name, suffixed }
}

/** Letters that carry accents only: those are transcribed, others are lost. */
function bare(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '')
}

/**
 * Characters that nobody sees are letters to Unicode (U+3164) or may stand in an identifier (U+FE0F): two
 * names that look the same would be two tools. Beyond the basic plane the tables of compilers differ.
 */
function isIdentifierPart(char: string): boolean {
  return /^[$_\p{ID_Continue}]$/u.test(char) && !/^\p{DI}$/u.test(char) && char.length === 1
}

function withSuffix(base: string, identity: string, level: number, max: number): string {
  const digest = createHash('sha256')
    .update(`${identity}\u0000${level >> 3}`)
    .digest('hex')
  const suffix = digest.slice(0, Math.min(6 + 2 * level, 40))
  return `${base.slice(0, max - suffix.length - 1)}_${suffix}`
}
