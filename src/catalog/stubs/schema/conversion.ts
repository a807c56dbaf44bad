import type { Json } from '../../../core/json.ts'
import type { TypeNode } from '../type-node.ts'

/** One conversion of a schema, as its parts see it. */
export interface Conversion {
  readonly convert: (schema: Json | undefined, depth: number) => TypeNode
  /** What a reader should know of the property `name` beyond its type. */
  readonly doc: (schema: Json | undefined, name: string) => string
  /** Takes one node of the budget; false where there is none left. */
  readonly spend: () => boolean
}
