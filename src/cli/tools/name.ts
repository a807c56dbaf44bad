import { GatewayError } from '../../core/errors.ts'
import { toolKey, type ToolRef, type ToolSpec } from '../../core/tool.ts'
import type { Session } from '../session.ts'

/**
 * The visible tool that a person means: by any accepted spelling, or by its bare name where only one server has it.
 * Nothing where there is none.
 */
export function findTool({ gateway, isVisible }: Session, name: string): ToolSpec | undefined {
  const { catalog } = gateway.snapshot()
  const exact = catalog.resolve(name)
  if (exact !== undefined) return isVisible(exact) ? exact : undefined
  const bare = catalog.tools.filter((spec) => spec.ref.name === name && isVisible(spec))
  return bare.length === 1 ? bare[0] : undefined
}

/** The identity that a name stands for although there is no such tool: the gateway refuses a call of it, and knows why. */
export function guessRef(name: string): ToolRef | undefined {
  const [, server, tool] = /^(?:tools\.)?([^.]+)\.(.+)$/s.exec(name.replace(/^([^._]+)__/, '$1.')) ?? []
  return server === undefined || tool === undefined ? undefined : { server, name: tool }
}

/** Why a name means nothing: its server is down, several servers have it, or there is no such tool. */
export function explainUnknown({ gateway, isVisible }: Session, name: string): GatewayError {
  const { catalog } = gateway.snapshot()
  const shown = name.slice(0, 200)
  const wanted = guessRef(name)?.server
  const report = gateway.servers().find(({ server }) => server === wanted)
  if (report?.status.state === 'down')
    return new GatewayError(
      'upstream_unavailable',
      `The server ${report.server} is down: ${report.status.reason}.`,
    )
  const same = catalog.tools.filter((spec) => spec.ref.name === name && isVisible(spec))
  const others = same.length > 0 ? same : catalog.nearest(name, isVisible)
  const nearest = others.map(({ ref }) => toolKey(ref))
  const said = same.length > 1 ? `Several servers have a tool "${shown}".` : `There is no tool "${shown}".`
  const hint = nearest.length === 0 ? '' : ` Nearest: ${nearest.join(', ')}.`
  return new GatewayError('unknown_tool', `${said}${hint}`, { detail: { nearest } })
}
