import type { Rule } from '../core/rule.ts'
import { ALL_OWN_TOOLS, CODE_SERVER, OWN_TOOLS } from './own-tools.ts'
import type { Config, Mode, VirtualServerConfig } from './schema.ts'

/** An endpoint with a part of what there is, at `/mcp/v/<slug>`. */
export interface VirtualServerPlan {
  readonly slug: string
  readonly title?: string
  readonly instructions?: string
  readonly mode: Mode
  /** What is there: nothing but what these rules allow, and of that only what the policy allows too. */
  readonly scope: readonly Rule[]
}

/** The lists of a virtual server, and what each is about. */
export const VIRTUAL_LISTS = [
  { list: 'tools', kind: 'tool' },
  { list: 'prompts', kind: 'prompt' },
  { list: 'resources', kind: 'resource' },
] as const

/** The source of rules that nobody wrote. */
export const BUILT_IN = 'built-in'

/** Compiles the virtual servers of a configuration, in the order of the document. */
export function compileVirtualServers({ virtualServers, mode }: Config): readonly VirtualServerPlan[] {
  return Object.entries(virtualServers).map(([slug, server]) => {
    const own = server.mode ?? mode
    return {
      slug,
      ...(server.title === undefined ? {} : { title: server.title }),
      ...(server.instructions === undefined ? {} : { instructions: server.instructions }),
      mode: own,
      scope: [...ownRules(own), ...listRules(slug, server)],
    }
  })
}

/** The tools of Isogate itself: those of the mode, and no other even where a glob matches it. */
function ownRules(mode: Mode): readonly Rule[] {
  return ALL_OWN_TOOLS.map((name) => ({
    kinds: ['tool'],
    pattern: `${CODE_SERVER}.${name}`,
    verdict: OWN_TOOLS[mode].includes(name) ? 'allow' : 'deny',
    source: BUILT_IN,
  }))
}

function listRules(slug: string, server: VirtualServerConfig): readonly Rule[] {
  return VIRTUAL_LISTS.flatMap(({ list, kind }) =>
    server[list].map((pattern, index) => ({
      kinds: [kind],
      pattern,
      verdict: 'allow' as const,
      source: `virtualServers.${slug}.${list}[${index}]`,
    })),
  )
}
