import type { Issue, Path, Tree } from '../document/tree.ts'
import { issueAt, treeAt } from '../document/tree.ts'

/** What is wrong with the texts of a list. Never prints one. */
export function checkTexts(
  root: Tree,
  path: Path,
  isValid: (text: string) => boolean,
  message: string,
): readonly Issue[] {
  const list = treeAt(root, path)
  if (list?.kind !== 'list') return []
  return list.items.flatMap((item, index) =>
    item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '' && !isValid(item.value)
      ? [issueAt([...path, index], item.at, message)]
      : [],
  )
}
