import { relative, resolve, sep } from 'node:path'

import { Node, Project, type SourceFile } from 'ts-morph'

const SRC = resolve(import.meta.dirname, '../../src')

/** The whole program, with its types. */
export function readProgram(): Project {
  const project = new Project({
    tsConfigFilePath: resolve(SRC, '../tsconfig.json'),
    skipAddingFilesFromTsConfig: true,
  })
  project.addSourceFilesAtPaths(`${SRC}/**/*.ts`)
  return project
}

/** The path of a file inside src. */
export function pathOf(file: SourceFile): string {
  return relative(SRC, file.getFilePath()).split(sep).join('/')
}

/** The files inside src that an import or a dynamic import of the file leads to. */
export function importsOf(file: SourceFile): string[] {
  return file
    .getReferencedSourceFiles()
    .map((referenced) => pathOf(referenced))
    .filter((path) => !path.startsWith('..'))
}

/** The files that name an interface of core/ports.ts, but for that file itself. */
export function usersOf(project: Project, interfaceName: string): string[] {
  const ports = project.getSourceFileOrThrow(`${SRC}/core/ports.ts`)
  const nodes = ports.getInterfaceOrThrow(interfaceName).findReferencesAsNodes()
  return distinctFiles(nodes).filter((path) => path !== 'core/ports.ts')
}

/** The files in which a member of an interface of core/ports.ts is read from a value: called, taken out or passed on. */
export function readersOf(project: Project, interfaceName: string, member: string): string[] {
  const ports = project.getSourceFileOrThrow(`${SRC}/core/ports.ts`)
  const nodes = ports.getInterfaceOrThrow(interfaceName).getPropertyOrThrow(member).findReferencesAsNodes()
  const reads = nodes.filter((node) => {
    const parent = node.getParent()
    return (
      Node.isPropertyAccessExpression(parent) ||
      Node.isBindingElement(parent) ||
      Node.isElementAccessExpression(parent)
    )
  })
  return distinctFiles(reads)
}

function distinctFiles(nodes: readonly Node[]): string[] {
  return [...new Set(nodes.map((node) => pathOf(node.getSourceFile())))].toSorted()
}
