import { toolKey, type ToolRef } from '../core/tool.ts'

/** Addresses a resource together with its server: `isogate://<server>/<encoded uri>`. */
const ADDRESS = /^isogate:\/\/([A-Za-z][A-Za-z0-9_-]{0,31})\/(.+)$/
/** An expression of a URI template, or what stands between two of them. Source: RFC 6570. */
const PARTS = /\{[^{}]*\}|[^{}]+|[{}]/g

/** The address of a resource. That of a template keeps its expressions, so that a client can make addresses with it. */
export function addressOf({ server, name }: ToolRef, isTemplate: boolean): string {
  const encoded = isTemplate
    ? partsOf(name).map((part) => (isExpression(part) ? part : encodeURIComponent(part)))
    : [encodeURIComponent(name)]
  return `isogate://${server}/${encoded.join('')}`
}

/**
 * Reads addresses. In one that was made with a template only what the template says is encoded; what a client put in is part
 * of the URI as it is.
 */
export function createAddressReader(templates: readonly ToolRef[]): (uri: string) => ToolRef | undefined {
  const known = new Set(templates.map(toolKey))
  const byServer = Map.groupBy(templates, ({ server }) => server)
  return (uri) => {
    const [, server, encoded] = ADDRESS.exec(uri) ?? []
    if (server === undefined || encoded === undefined) return undefined
    const whole = decode(encoded)
    const isTemplate = whole !== undefined && known.has(toolKey({ server, name: whole }))
    const made = isTemplate ? [] : (byServer.get(server) ?? []).map(({ name }) => fill(name, encoded))
    const name = made.find((filled) => filled !== undefined) ?? whole
    return name === undefined ? undefined : { server, name, kind: 'resource' }
  }
}

/** The URI that a template and an address made with it stand for; undefined where the address was not made with it. */
function fill(template: string, encoded: string): string | undefined {
  const parts = partsOf(template)
  if (!parts.some(isExpression)) return undefined
  let at = 0
  let uri = ''
  // Not a regular expression: a template is a stranger's text, and many expressions would make it slow.
  for (const [index, part] of parts.entries()) {
    if (isExpression(part)) continue
    const literal = encodeURIComponent(part)
    const isLast = index === parts.length - 1
    const start = isLast ? encoded.length - literal.length : encoded.indexOf(literal, at)
    if (start < at || !encoded.startsWith(literal, start) || (index === 0 && start > 0)) return undefined
    uri += encoded.slice(at, start) + part
    at = start + literal.length
  }
  return uri + encoded.slice(at)
}

function partsOf(template: string): readonly string[] {
  return template.match(PARTS) ?? []
}

function isExpression(part: string): boolean {
  return part.length > 2 && part.startsWith('{')
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
