import type { ToolSpec } from '../../core/tool.ts'
import type { SchemaType } from './schema-type.ts'
import type { SoftTypes } from './soft-type.ts'

/** What is written where a tool declares no output schema. */
export interface ResultOptions {
  /** Types that were learned. Without it nothing is known of such a result. */
  readonly soft?: SoftTypes
  /** A learned type as it is, with its count, or as `any`: then a type check cannot object to it. Default `type`. */
  readonly softAs?: 'any' | 'type'
  /** What stands where nothing is known. Default `unknown`. */
  readonly unknownAs?: 'unknown' | 'any'
}

/** What a call resolves to, without the promise. */
export function resultText(
  spec: ToolSpec,
  declared: SchemaType | undefined,
  options: ResultOptions,
  print: (type: SchemaType) => string,
): string {
  if (declared !== undefined) return print(declared)
  const soft = options.soft?.(spec.ref)
  if (soft === undefined) return options.unknownAs ?? 'unknown'
  return options.softAs === 'any' ? 'any' : `${print(soft.type)} /* seen ${Math.trunc(soft.count)}x */`
}
