import type { LiveSetting } from '../bench/live/run-live.ts'
import type { Made } from '../bench/points.ts'
import type { OpenStage } from '../bench/stage.ts'
import type { Writable } from 'node:stream'

import type { Plan } from '../config/compile.ts'
import type { ReadFile } from '../config/files.ts'
import type { AuditEvent } from '../core/audit.ts'
import type { Standings } from '../core/identity.ts'
import type { Mode } from '../core/mode.ts'
import type { BackendView, Clock, Journal, NewId } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { StoreDesk, StoreDeskOptions } from '../core/store-desk.ts'
import type { Seal } from '../core/seal.ts'
import type { Store } from '../core/store.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Log } from '../telemetry/log.ts'
import type { ApprovalPorts } from './approvals/ports.ts'
import type { ScriptPorts } from './scripts/desk.ts'
import type { WatchFile } from './watch-file.ts'

/** A place to print to. */
export interface Output {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** Width in characters; a usual one where there is no terminal. */
  readonly columns: number
  /** The stream behind it, for what must ask it about colours or move its cursor. */
  readonly stream: Writable
}

/** How a file is written. */
export interface WriteOptions {
  /** Fails where the file is there already, rather than replacing it. */
  readonly exclusive?: boolean
  /** A new file can be read by its owner only: it may hold secrets. */
  readonly isPrivate?: boolean
}

/** What came of writing a file. */
export type FileWrite =
  | { readonly kind: 'written' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'failed'; readonly reason: string }

/** An open door, with the address that it serves. */
interface OpenDoor {
  readonly url: string
  readonly close: () => Promise<void>
}

/** The configured servers, opened only to be looked at: no tool can be called through this. */
export interface Inspection {
  readonly servers: readonly BackendView[]
  readonly close: () => Promise<void>
}

/** The token that callers of the HTTP door must send: its hash, and itself in the moment in which it was made. */
export interface DoorToken {
  readonly hash: string
  readonly fresh?: string
}

/** What benchmarks of tasks need of the process. */
export interface BenchHost {
  readonly openStage: OpenStage
  /** Tokens of a text. */
  readonly count: (text: string) => number
  readonly tokenizer: string
  readonly clock: Clock
  readonly made: Made
  /** @throws GatewayError `config_invalid` for an address or a key that cannot be one */
  readonly openModel: (parts: LiveModelParts) => LiveSetting['model']
  /** Adds to a file, or makes it. Never rejects. */
  readonly appendText: (path: string, text: string, options: WriteOptions) => Promise<FileWrite>
}

/** How a live model is reached. */
export interface LiveModelParts {
  readonly api: 'openai' | 'anthropic'
  readonly url: string
  readonly model: string
  readonly apiKey: string
  readonly temperature?: number
}

/** What a gateway is opened for. */
export interface GatewayUse {
  /** The program ends after its work: nothing is kept in reserve. */
  readonly isShortLived?: boolean
  /** Told of every call, besides the log. */
  readonly journal?: Journal
}

/** A gateway with those who may call it. */
export interface OpenedGateway extends Gateway {
  /** The principal of a virtual key, by its name. @throws GatewayError `not_there` */
  readonly principalOf: (key: string) => Promise<Principal>
  readonly governance: {
    /** Records what happened. Never throws and never waits. */
    readonly note: (event: AuditEvent) => void
    readonly keyring: Standings & {
      /** Whose a secret is; undefined where it is nobody's. @throws GatewayError `key_revoked`, `store_unusable` */
      readonly authenticate: (secret: string) => Principal | undefined
    }
  }
}

/** What a client at the standard input and output gets in another way than the configuration says. */
export interface StdioWishes {
  /** In the place of that of the configuration. */
  readonly mode?: Mode
  /** Who calls. Absent: the one who started the process. */
  readonly principal?: Principal
}

/** All that the verbs get from the process that they run in. */
export interface CliPorts extends ScriptPorts, ApprovalPorts {
  readonly version: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly stdout: Output
  readonly stderr: Output
  /** The whole standard input as text. */
  readonly readStdin: () => Promise<string>
  /** Resolves when the standard input has ended. Somebody must read it for that. */
  readonly stdinEnded: () => Promise<void>
  readonly readFile: ReadFile
  /** Asks the person at the terminal; the line that was typed. Absent where there is none. Rejects when the program is interrupted. */
  readonly ask?: (question: string) => Promise<string>
  /** Never rejects. */
  readonly writeFile: (path: string, text: string, options: WriteOptions) => Promise<FileWrite>
  /** Aborted when a person or a supervisor asks the program to end, or when nobody reads its output any more. */
  readonly interrupted: AbortSignal
  /** Calls the listener when the process is told to read its configuration again. Returns the way to stop. */
  readonly onHangup: (listener: () => void) => () => void
  readonly watchFile: WatchFile
  /** True where a failure is printed with its stack. */
  readonly showsStacks: boolean
  readonly newId: NewId
  /** Wall clock, milliseconds since the epoch. */
  readonly nowMs: () => number
  /**
   * Opens the store of this home; the caller closes it. Nothing where there is none yet: none is made, unless `makesNew` says so; and
   * nothing where everything is in memory.
   *
   * @throws GatewayError `store_newer`, `store_unusable`
   */
  readonly openStore: (plan: Plan | undefined, makesNew?: boolean) => Promise<Store | undefined>
  /** @throws GatewayError `declared`, `sealed`, `store_unusable` */
  readonly openStoreDesk: (plan: Plan | undefined, options?: StoreDeskOptions) => Promise<StoreDesk>
  /** What reads the values that the store keeps encrypted. Absent: they stay so. */
  readonly openSeal?: (plan: Plan | undefined) => Promise<Seal>
  readonly openGateway: (plan: Plan, log: Log, use?: GatewayUse) => Promise<OpenedGateway>
  readonly openBench: (log: Log) => Promise<BenchHost>
  readonly inspectServers: (plan: Plan, log: Log) => Promise<Inspection>
  /** @throws GatewayError `port_in_use`, `listen_failed` */
  readonly listenHttp: (
    plan: Plan,
    gateway: Gateway,
    tokenHash: string,
    log: Log,
    isStale: () => boolean,
  ) => Promise<OpenDoor>
  readonly listenStdio: (gateway: Gateway, log: Log, wishes: StdioWishes) => Promise<Omit<OpenDoor, 'url'>>
  /** @throws GatewayError `port_in_use`, `listen_failed` */
  readonly listenAdmin: (plan: Plan, gateway: OpenedGateway, tokenHash: string, log: Log) => Promise<OpenDoor>
  /** @throws GatewayError `state_unwritable` */
  readonly loadToken: (makeNew: boolean) => DoorToken
  /** The token of administrators. @throws GatewayError `state_unwritable` */
  readonly loadAdminToken: (makeNew: boolean) => DoorToken
  readonly hashToken: (token: string) => string
}

/** 0 ok; 1 failed; 2 wrong usage; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130

/** The reason with which `interrupted` is aborted when nobody reads the output any more. */
export const NOBODY_READS = 'nobody reads the output'
