/** Texts are read up to here and the rest is taken to be like it: a bound for hostile input. */
const MAX_READ = 200_000

/**
 * About how many tokens of o200k_base a text has, in linear time and without a tokenizer, which would take 69 MB and be
 * quadratic on text without spaces.
 *
 * A word costs one token for each nine letters begun, capitals one for each four, digits one for each three, a run of
 * other ASCII signs one for each four, and any other character 0.7. Measured over 5,851 real tools: sums 5 % (one-line
 * signatures), 2 % (declarations) and 4 % (JSON Schemas) too high; a single text is off by 7.6 %, 4.3 % and 5.2 % in the mean,
 * and by at most 30 %.
 */
export function estimateTokens(text: string): number {
  const read = Math.min(text.length, MAX_READ)
  let tokens = 0
  let kind: KindOf = Kind.space
  let run = 0
  const end = () => {
    tokens += costOf(kind, run)
    run = 0
  }
  for (let i = 0; i < read; i++) {
    const next = kindOf(text.charCodeAt(i))
    // A capital begins a new word within a word: `listIssues`.
    if (next !== kind && !(kind === Kind.upper && next === Kind.lower && run === 1)) end()
    kind = next
    run++
  }
  end()
  return Math.ceil((tokens * text.length) / Math.max(read, 1))
}

const Kind = { space: 0, lower: 1, upper: 2, digit: 3, sign: 4, other: 5 } as const
type KindOf = (typeof Kind)[keyof typeof Kind]

function kindOf(code: number): KindOf {
  if (code === 32) return Kind.space
  if (code >= 97 && code <= 122) return Kind.lower
  if (code >= 65 && code <= 90) return Kind.upper
  if (code >= 48 && code <= 57) return Kind.digit
  return code < 128 ? Kind.sign : Kind.other
}

function costOf(kind: KindOf, run: number): number {
  if (run === 0) return 0
  switch (kind) {
    case Kind.space:
      // One space belongs to the word after it.
      return run === 1 ? 0 : 1
    case Kind.lower:
      return Math.ceil(run / 9)
    case Kind.upper:
      return Math.ceil(run / 4)
    case Kind.digit:
      return Math.ceil(run / 3)
    case Kind.sign:
      return Math.ceil(run / 4)
    default:
      return run * 0.7
  }
}
