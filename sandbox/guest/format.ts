import { primordials } from './primordials.ts'

/**
 * The text of one argument of console.log: strings as they are, errors by name and message, the rest as JSON. Never
 * throws, whatever reading the value runs into: a line of a log must not end a run.
 */
export function formatValue(value: unknown): string {
  try {
    return toLogText(value)
  } catch {
    return '[value that cannot be written as JSON]'
  }
}

function toLogText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'bigint':
      return `${value}n`
    case 'symbol':
    case 'undefined':
    case 'number':
    case 'boolean':
      return primordials.toText(value)
    case 'function':
      return functionText(value)
    default:
      return formatObject(value as object | null)
  }
}

function formatObject(value: object | null): string {
  if (value === null) return 'null'
  if (value instanceof primordials.Error) return `${value.name}: ${value.message}`
  return primordials.jsonStringify(value, replaceUnwritable) ?? primordials.toText(value)
}

function functionText({ name }: { readonly name: unknown }): string {
  return `[function ${primordials.toText(name)}]`
}

function replaceUnwritable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return functionText(value)
  return value
}
