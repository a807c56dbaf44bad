import createSpinner from 'yocto-spinner'

import type { CliPorts } from '../ports.ts'
import { toLine } from './printable.ts'

/** Something that takes its time. */
export interface Progress {
  /** Says what is being done now. */
  readonly say: (text: string) => void
  readonly stop: () => void
}

/** Faster than this, and a person who reads a log need not know that there was a wait. */
const NOTICE_AFTER_MS = 1_000

/**
 * Shows on the error output that something is being done: a spinner on a terminal; elsewhere a line, and only where it
 * takes over a second.
 */
export function startProgress({ stderr, env }: CliPorts, text: string): Progress {
  const fit = (said: string): string => toLine(said, Math.max(20, stderr.columns - 4))
  if (stderr.isTerminal && env['TERM'] !== 'dumb' && env['CI'] === undefined) {
    // Signals are handled in one place for the whole program.
    const spinner = createSpinner({ text: fit(text), stream: stderr.stream, handleSignals: false }).start()
    return { say: (said) => void (spinner.text = fit(said)), stop: () => void spinner.stop() }
  }
  let last = text
  const timer = setTimeout(() => stderr.write(`${fit(last)}\n`), NOTICE_AFTER_MS)
  return { say: (said) => void (last = said), stop: () => clearTimeout(timer) }
}
