import { toolKey } from '../../core/tool.ts'
import type { Catalog } from '../catalog.ts'

/** Longer texts are no names: a bound for hostile input. */
const NAME_MAX = 200

/** Finds tools by their names, however these are written. */
export interface Spellings {
  /** The places in the catalog of the tools that a text names: first what it means exactly, then those of this name on any server. */
  readonly named: (text: string) => readonly number[]
}

/** Prepares the look-up for a catalog; its names are read when the first text asks for them. */
export function createSpellings({ tools, resolve }: Catalog): Spellings {
  let places: ReadonlyMap<string, readonly number[]> | undefined
  const find = (plain: string): readonly number[] => {
    if (places === undefined) {
      const found = new Map<string, number[]>()
      const add = (name: string, at: number): void => {
        const list = found.get(name)
        if (list === undefined) found.set(name, [at])
        else list.push(at)
      }
      for (const [at, { ref }] of tools.entries()) {
        add(`=${toolKey(ref)}`, at)
        add(toPlain(toolKey(ref)), at)
        add(toPlain(ref.name), at)
      }
      places = found
    }
    return places.get(plain) ?? []
  }
  return Object.freeze<Spellings>({
    named: (text) => {
      const plain = text.length > NAME_MAX ? '' : toPlain(text)
      if (plain === '') return []
      const exact = resolve(text)
      const rooted = /^tools\W/i.test(text) ? find(plain.slice('tools'.length)) : []
      return [
        ...new Set([
          ...(exact === undefined ? [] : find(`=${toolKey(exact.ref)}`)),
          ...rooted,
          ...find(plain),
        ]),
      ]
    },
  })
}

/** A name without case and separators: `List-Issues`, `listIssues` and `list_issues` are one. */
function toPlain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '')
}
