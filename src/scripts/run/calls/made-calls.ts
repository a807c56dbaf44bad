import type { Json, JsonObject } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'
import type { Result } from '../../../core/result.ts'
import { toJsonText } from '../value/json-text.ts'

/** A call that a script made and that went further than a refusal. */
export interface MadeCall {
  /** `server.tool`, native. */
  readonly tool: string
  readonly args: JsonObject
  /** `unknown`: it was sent and no answer came, so it may have taken effect. `simulated`: nothing was called. */
  readonly outcome: 'ok' | 'error' | 'unknown' | 'simulated'
  /** True where the tool only reads: then there is no effect to speak of. */
  readonly isReadOnly: boolean
  /** Where it stands in the script and in the order of its activations; the same in each execution of the script. */
  readonly key: string
  /** Calls that were in flight together, even one after the other, are of one wave: a model could have made them in one turn. */
  readonly wave: number
  /** What a model would have read of its answer, as text. Absent where no answer came, and where there is too much of it. */
  readonly result?: Result
  /** Of one that was simulated and would need an approval: what that would be for, and the rule that asks. */
  readonly asks?: { readonly hash: string; readonly binding: string; readonly rule: string }
  /** Of an earlier leg, where its arguments are not kept: the call as it was told. */
  readonly told?: string
}

/** A call that has begun. Until it has ended it may have taken effect. */
export interface BegunCall {
  readonly answered: (result: Result) => void
  /** No answer came, and it may have taken effect. */
  readonly lost: () => void
  /** It was refused before anything could happen. */
  readonly refused: () => void
  /** It would need an approval. */
  readonly asks: (asked: NonNullable<MadeCall['asks']>) => void
}

/** The calls of one execution of a script. */
export interface MadeCalls {
  /** Begins a call. A new wave begins only when no call is open, so waves are counted too few rather than too many. */
  readonly begin: (
    call: Pick<MadeCall, 'tool' | 'args' | 'isReadOnly' | 'key'>,
    isSimulated: boolean,
  ) => BegunCall
  /** In the order in which they were begun, with those that are still open. */
  readonly all: () => readonly MadeCall[]
  /** Those that have ended and may have had an effect, a line each. */
  readonly done: () => readonly string[]
}

/** Of the answers of one run so much is kept for its receipt. What is beyond it counts for nothing there. */
const MAX_KEPT_CHARS = 8_388_608

/** A call as it goes on. */
interface Entry {
  readonly call: Parameters<MadeCalls['begin']>[0]
  readonly wave: number
  outcome: MadeCall['outcome']
  isOpen: boolean
  texts: readonly string[] | undefined
  asks: MadeCall['asks']
}

/** Begins with no calls. */
export function createMadeCalls(): MadeCalls {
  const made = new Set<Entry>()
  let wave = 0
  let open = 0
  let leftChars = MAX_KEPT_CHARS

  /** The texts alone: of a thousand answers with images, or in two forms, the whole would not fit into memory. */
  const keep = (result: Result): readonly string[] | undefined => {
    const texts = textsOf(result)
    const chars = texts.reduce((sum, { length }) => sum + length, 0)
    if (chars > leftChars) return undefined
    leftChars -= chars
    return texts
  }

  return {
    begin(call, isSimulated) {
      if (open === 0) wave += 1
      open += 1
      const outcome = isSimulated ? 'simulated' : 'unknown'
      const entry: Entry = { call, wave, outcome, isOpen: true, texts: undefined, asks: undefined }
      made.add(entry)
      const end = (): void => {
        open -= 1
        entry.isOpen = false
      }
      return {
        answered(result) {
          end()
          if (isSimulated) return
          entry.outcome = result.isError === true ? 'error' : 'ok'
          entry.texts = keep(result)
        },
        lost: end,
        refused() {
          end()
          made.delete(entry)
        },
        asks: (asked) => void (entry.asks = asked),
      }
    },
    all: () => [...made].map(toMade),
    done: () => toDone([...made].filter(({ isOpen }) => !isOpen).map(toMade)),
  }
}

/** Those of the calls that may have had an effect, a line each. */
export function toDone(made: readonly MadeCall[]): readonly string[] {
  return made.filter(isEffect).map(toLine)
}

function isEffect({ isReadOnly, outcome }: MadeCall): boolean {
  return !isReadOnly && outcome !== 'simulated'
}

const MAX_TOLD_CHARS = 200

function toLine({ tool, args, outcome, told }: MadeCall): string {
  const remark = { ok: '', error: ' (failed)', unknown: ' (outcome unknown)', simulated: '' }[outcome]
  if (told !== undefined) return `${told}${remark}`
  const text = toJsonText(args) ?? '…'
  return `${tool}(${text.length > MAX_TOLD_CHARS ? '…' : text})${remark}`
}

function toMade({ call, wave, outcome, texts, asks }: Entry): MadeCall {
  const made = { ...call, wave, outcome, ...(asks === undefined ? {} : { asks }) }
  return texts === undefined
    ? made
    : { ...made, result: { content: texts.map((text) => ({ type: 'text', text })) } }
}

/** What a suspended run keeps of its calls: that they were made, and of those that were only simulated with which arguments. */
export function toNotes(made: readonly MadeCall[]): Json {
  return made.map((call) => {
    const { tool, args, outcome, isReadOnly, key, asks } = call
    return {
      tool,
      outcome,
      isReadOnly,
      key,
      ...(outcome === 'simulated' ? { args } : {}),
      ...(isEffect(call) ? { told: toLine({ ...call, outcome: 'ok' }) } : {}),
      ...(asks === undefined ? {} : { asks }),
    }
  })
}

const OUTCOMES: Readonly<Record<MadeCall['outcome'], true>> = {
  ok: true,
  error: true,
  unknown: true,
  simulated: true,
}

/** Reads the notes of earlier legs. They are of no wave: their receipt has been made. */
export function fromNotes(notes: Json | undefined): readonly MadeCall[] {
  if (!Array.isArray(notes)) return []
  return (notes as readonly Json[]).flatMap((note) => {
    if (!isJsonObject(note)) return []
    const { tool, args = {}, outcome, isReadOnly, key, told } = note
    if (typeof tool !== 'string' || typeof key !== 'string' || !isJsonObject(args)) return []
    if (typeof outcome !== 'string' || !Object.hasOwn(OUTCOMES, outcome)) return []
    const known = outcome as MadeCall['outcome']
    const call = { tool, args, outcome: known, isReadOnly: isReadOnly === true, key, wave: 0 }
    const asks = fromAsks(note['asks'])
    return [
      {
        ...call,
        ...(typeof told === 'string' ? { told } : {}),
        ...(asks === undefined ? {} : { asks }),
      },
    ]
  })
}

function fromAsks(note: Json | undefined): MadeCall['asks'] {
  if (!isJsonObject(note)) return undefined
  const { hash, binding, rule } = note
  if (typeof hash !== 'string' || typeof binding !== 'string' || typeof rule !== 'string') return undefined
  return { hash, binding, rule }
}

/** The texts of a result; where it has none, its structured content. */
function textsOf({ content, structuredContent }: Result): readonly string[] {
  const texts = content.flatMap(({ text, resource }) => {
    const found = isJsonObject(resource) ? resource['text'] : text
    return typeof found === 'string' ? [found] : []
  })
  if (texts.length > 0 || structuredContent === undefined) return texts
  return [toJsonText(structuredContent) ?? '']
}
