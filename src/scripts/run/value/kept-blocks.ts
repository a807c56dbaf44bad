import { isJsonObject, type Json } from '../../../core/json.ts'
import type { HandleStore } from '../../../core/store.ts'
import type { KeptBlocks } from './content.ts'
import { toJsonText } from './json-text.ts'

/** The blocks of one caller in the store. */
export function keptBlocksOf(handles: HandleStore, owner: string): KeptBlocks {
  return {
    async keep(block) {
      const json = toJsonText(block)
      return json === undefined ? undefined : handles.keep(owner, { json, kind: 'content' })
    },
    async open(handle) {
      const stored = await handles.open(owner, handle)
      if (stored?.kind !== 'content') return undefined
      const block = JSON.parse(stored.json) as Json
      return isJsonObject(block) ? block : undefined
    },
  }
}
