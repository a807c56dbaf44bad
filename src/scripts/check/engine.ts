/** What a compiler is given of one script. Everything else that it reads is the same for all. */
export interface CheckFiles {
  /** Declarations of the tools that the script names. */
  readonly tools: string
  readonly script: string
}

/** What a compiler says about a place of a script. */
export interface Diagnostic {
  /** TypeScript's own number. */
  readonly code: number
  /** Offsets in the text of the script, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** The message and the reasons below it, outermost first. */
  readonly messages: readonly string[]
}

/** What a compiler answers. */
export interface EngineAnswer {
  /** False where the script does not parse; then there are no diagnostics. */
  readonly isParsed: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** A compiler that runs outside the gateway's process or thread. It checks one script at a time. */
export interface CheckEngine {
  /** Rejects where the engine has ended. */
  readonly check: (files: CheckFiles) => Promise<EngineAnswer>
  /** True where it has taken so much memory that the next check should find another. */
  readonly isWorn: () => boolean
  /** Ends it at once, whatever it does. */
  readonly kill: () => void
  readonly onEnd: (listener: () => void) => void
}

export interface EngineOptions {
  /** Beyond this it is ended. */
  readonly memoryMb: number
}

/** A kind of compiler. */
export interface EngineKind {
  readonly name: string
  /** Why it cannot be used here; undefined where it can. */
  readonly unusable: () => string | undefined
  readonly start: (options: EngineOptions) => CheckEngine
}

/** More diagnostics than this of one script are not read. */
export const MAX_DIAGNOSTICS = 100

/** Longer messages are cut. */
export const MAX_MESSAGE_CHARS = 1_000

/**
 * How scripts are compiled. Not strict: a script is JavaScript with or without types, and what is asked is what would go
 * wrong when it runs. Nothing is resolved, so that no script makes the compiler read a file.
 */
export const COMPILER_OPTIONS = {
  target: 'es2024',
  lib: ['es2025', 'esnext.array', 'esnext.disposable', 'esnext.error'],
  module: 'esnext',
  moduleDetection: 'force',
  noResolve: true,
  types: [] as string[],
  noEmit: true,
  strict: false,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  skipLibCheck: true,
} as const
