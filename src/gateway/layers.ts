import type { Handler, Layer } from '../core/call.ts'
import type { Clock, Journal } from '../core/ports.ts'
import type { Result } from '../core/result.ts'
import type { ToolRef, ToolSpec } from '../core/tool.ts'
import type { ArgumentValidator } from '../policy/arguments.ts'
import { compose } from '../policy/compose.ts'
import { createAdmitLayer, type Directory } from '../policy/layers/admit.ts'
import { createDeadlineLayer } from '../policy/layers/deadline.ts'
import { createJournalLayer, type CallRecorder, type OnFault } from '../policy/layers/journal.ts'
import { createRefuseLayer } from '../policy/layers/refuse.ts'
import { createValidateLayer } from '../policy/layers/validate.ts'
import { createSimulateLayer } from '../policy/layers/simulate.ts'
import { LAYER_ORDER, type LayerName } from '../policy/order.ts'

/** What the layers ask of the gateway. */
export interface LayerPorts {
  readonly clock: Clock
  readonly journal: Journal
  readonly onFault: OnFault
  /** Absent: nothing is kept that proves things. */
  readonly recorder?: CallRecorder
  /** Absent: there is no credential that could leave. */
  readonly redact?: Layer
  readonly directory: Directory
  readonly specOf: (tool: ToolRef) => ToolSpec | undefined
  /** What a tool might give, for a call that is only simulated. */
  readonly sampleOf: (tool: ToolRef) => Result
  readonly timeoutMsOf: (tool: ToolRef) => number
  /** Keeps what it has compiled from one revision to the next. */
  readonly validator: ArgumentValidator
  /** Handed in, because what is used up outlives a revision. Absent: nothing is limited. */
  readonly limits?: Layer
  /** Absent: nobody can be asked, and what would have to be asked for is refused. */
  readonly approve?: Layer
  /** Handed in, because upstreams keep their slots from one revision to the next. */
  readonly slots: Layer
}

/** The one handler: all layers in the order of the house around dispatch. */
export function composeLayers(ports: LayerPorts, dispatch: Handler): Handler {
  const layers: Readonly<Record<LayerName, Layer | undefined>> = {
    journal: createJournalLayer(ports.journal, ports.clock, ports.onFault, ports.recorder),
    redact: ports.redact,
    deadline: createDeadlineLayer(ports.clock, ports.timeoutMsOf),
    admit: createAdmitLayer(ports.directory),
    validate: createValidateLayer(ports.validator, ports.specOf),
    limits: ports.limits,
    approve: ports.approve ?? createRefuseLayer(),
    simulate: createSimulateLayer((tool) => ports.sampleOf(tool)),
    slots: ports.slots,
  }
  return compose(
    LAYER_ORDER.map(({ layer }) => layers[layer]).filter((layer) => layer !== undefined),
    dispatch,
  )
}
