import { posix, win32 } from 'node:path'
import type { JsonObject } from '../../core/json.ts'
import type { Note, ParsedDocument, Path } from '../document/tree.ts'
import type { ReadFile } from '../files.ts'

export type ClientName = 'claude-desktop' | 'claude-code' | 'cursor' | 'vscode' | 'codex' | 'gemini'

/** Where the files of clients are looked for. */
export interface ImportSource {
  readonly home: string
  readonly cwd: string
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readFile: ReadFile
}

/** A file that a client may have, and how its servers are found in it. */
export interface Candidate {
  readonly client: ClientName
  readonly path: string
  readonly parse: (text: string) => ParsedDocument
  /** Where servers stand in the file. */
  readonly sections: readonly Path[]
}

/** A server of a client, in the words of this configuration. */
export interface ImportedServer {
  readonly name: string
  /** An entry of `servers`, references unresolved. May hold secrets that stand in the client's file. */
  readonly entry: JsonObject
  readonly line: number
}

/** What one file of a client holds. */
export interface FoundConfig {
  readonly client: ClientName
  readonly path: string
  readonly servers: readonly ImportedServer[]
  readonly notes: readonly Note[]
}

/** Joins paths as the platform does, which in a test is not the one that the test runs on. */
export function joinOn(platform: NodeJS.Platform, ...parts: readonly string[]): string {
  return platform === 'win32' ? win32.join(...parts) : posix.join(...parts)
}

/** The folder in which desktop programs of the user keep their settings. */
export function settingsFolder({ home, platform, env }: ImportSource): string {
  if (platform === 'darwin') return joinOn(platform, home, 'Library', 'Application Support')
  if (platform === 'win32') return env['APPDATA'] ?? joinOn(platform, home, 'AppData', 'Roaming')
  return env['XDG_CONFIG_HOME'] || joinOn(platform, home, '.config')
}
