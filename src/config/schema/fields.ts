import { z } from 'zod'

export const MINUTE_MS = 60_000
export const MIB = 1024 * 1024

/** A whole number within bounds, with a default and its meaning. */
export function integer(minimum: number, maximum: number, fallback: number, text: string) {
  return z.int().min(minimum).max(maximum).default(fallback).describe(text)
}

/** A list of short texts. */
export function texts(maximum: number) {
  return z.array(z.string().min(1).max(4096)).max(maximum)
}

/** A list of globs over names of tools. */
export function globs() {
  return z.array(z.string().min(1).max(256)).max(256)
}
