/** Who calls. Made by a door's authentication and by nothing else. */
export interface Principal {
  /** Stable id. Runs of different ids never share a cell. */
  readonly id: string
  readonly kind: 'token' | 'local'
}
