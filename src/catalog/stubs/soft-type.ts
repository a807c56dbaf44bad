import type { ToolRef } from '../../core/tool.ts'
import type { SchemaType } from './schema-type.ts'

/** The type of a result that no server declared: learned from the results that were seen. */
export interface SoftType {
  readonly type: SchemaType
  /** Results that it was learned from. */
  readonly count: number
}

/** What is known of a tool's results; undefined where nothing has been seen. */
export type SoftTypes = (ref: ToolRef) => SoftType | undefined
