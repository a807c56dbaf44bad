/** How much of the end of a server's stderr is kept, bytes. */
export const STDERR_BYTES = 64 * 1_024

/** Keeps the end of a stream of text. */
export interface Tail {
  readonly push: (chunk: Buffer) => void
  /** All that is kept, as it was written. */
  readonly text: () => string
  /** The last lines that are not empty, oldest first, each cut to 300 characters after it was cleaned: what is cut is not recognised. */
  readonly lines: (count: number, clean: (text: string) => string) => readonly string[]
}

const LINE_CHARACTERS = 300

/**
 * Keeps the last bytes of a stream and forgets the rest: a server may write to stderr for months.
 *
 * @param maxBytes How much is kept.
 */
export function createTail(maxBytes: number): Tail {
  let chunks: Buffer[] = []
  let held = 0
  let isCut = false

  function text(): string {
    const kept = Buffer.concat(chunks).subarray(-maxBytes).toString('utf8')
    // Half of a secret would not be recognised as one, so what is left of a line is left out.
    return isCut || held > maxBytes ? kept.slice(kept.indexOf('\n') + 1) : kept
  }

  return {
    push(chunk) {
      chunks.push(chunk)
      held += chunk.length
      // Compacted only at twice the bound, so that a flood of small writes is not copied each time.
      if (held < maxBytes * 2 && chunks.length < 1_024) return
      const kept = Buffer.from(Buffer.concat(chunks).subarray(-maxBytes))
      isCut ||= kept.length < held
      chunks = [kept]
      held = kept.length
    },
    text,
    lines(count, clean) {
      return clean(text())
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .slice(-count)
        .map((line) => line.slice(0, LINE_CHARACTERS))
    },
  }
}
