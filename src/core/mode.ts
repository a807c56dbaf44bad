/** How tools may be shown, as configurations and clients name it. */
export const MODES = ['auto', 'code', 'classic', 'search'] as const

/** How tools are to be shown; `auto` leaves the choice to the gateway. */
export type Mode = (typeof MODES)[number]

/** How tools are shown. */
export type ShownMode = Exclude<Mode, 'auto'>

/** True for the name of a mode. */
export function isMode(value: unknown): value is Mode {
  return MODES.some((mode) => mode === value)
}
