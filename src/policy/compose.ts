import type { Handler, Layer } from '../core/call.ts'

/** Wraps `inner` in the layers, the first one outermost. Done once per configuration, never per call. */
export function compose(layers: readonly Layer[], inner: Handler): Handler {
  return layers.reduceRight((next, layer) => layer(next), inner)
}
