/**
 * The layers, outermost first, each with the reason for its place. `composeLayers` in the gateway follows this list
 * (test/policy/order.test.ts). A layer that is not configured is not composed: an unused feature costs nothing.
 */
export const LAYER_ORDER = [
  { layer: 'journal', why: 'outermost and in finally: refusals are recorded too' },
  { layer: 'redact', why: 'nothing that leaves may carry a credential, whoever says it' },
  { layer: 'deadline', why: 'one timer and one signal for all below' },
  { layer: 'admit', why: 'the pure verdict, before any work' },
  { layer: 'validate', why: 'later layers and the upstream see well-formed calls only' },
  { layer: 'limits', why: 'a cheap refusal, before a person is asked' },
  {
    layer: 'approve',
    why: 'only what may be made at all is put to a person; waiting holds no slot and no place',
  },
  { layer: 'simulate', why: 'after all that may refuse a call, before anything that a call may touch' },
  { layer: 'slots', why: 'as late as possible: a refused call must not hold a slot' },
] as const

/** The name of a layer. */
export type LayerName = (typeof LAYER_ORDER)[number]['layer']
