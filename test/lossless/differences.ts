import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts'
import { LIST_NAMES, type List, type Lists } from './lists.ts'

const SHOWN_CHARACTERS = 120

/** JSON with the members of each object in one order: two values are the same exactly where these texts are. */
function toCanonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, inner: Json) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : Number(a > b))))
      : inner,
  )
}

/** Every difference between all lists, one line each, with the place; empty where they are the same. */
export function listsDifferences(expected: Lists, actual: Lists): string[] {
  return LIST_NAMES.flatMap((name) => {
    const [had, has] = [expected[name], actual[name]]
    if (typeof had === 'string' || typeof has === 'string') {
      return had === has ? [] : [`${name}: ${describe(had)} became ${describe(has)}`]
    }
    return listDifferences(name, had, has)
  })
}

const describe = (list: List): string => (typeof list === 'string' ? list : `a list of ${list.length}`)

/** The differences between two lists of one kind. An item is known by its name or its address. */
function listDifferences(
  place: string,
  expected: readonly JsonObject[],
  actual: readonly JsonObject[],
): string[] {
  if (toCanonicalJson([...expected]) === toCanonicalJson([...actual])) return []
  const had = expected.map(nameOf)
  const has = actual.map(nameOf)
  const found = [
    ...had.filter((name) => !has.includes(name)).map((name) => `${place}: ${name} is missing`),
    ...has.filter((name) => !had.includes(name)).map((name) => `${place}: ${name} is new`),
  ]
  if (found.length === 0 && had.join('\n') !== has.join('\n')) found.push(`${place}: another order`)
  for (const item of expected) {
    const same = actual.find((other) => nameOf(other) === nameOf(item))
    if (same !== undefined) found.push(...valueDifferences(`${place}.${nameOf(item)}`, item, same))
  }
  return found.length === 0 ? [`${place}: different, with the same names`] : found
}

const nameOf = ({ uri, uriTemplate, name }: JsonObject): string =>
  [uri, uriTemplate, name].find((word) => typeof word === 'string') ?? '(nameless)'

function valueDifferences(place: string, expected: Json | undefined, actual: Json | undefined): string[] {
  if (expected === undefined || actual === undefined) {
    if (expected === actual) return []
    return [`${place}: ${expected === undefined ? `added ${show(actual)}` : `lost ${show(expected)}`}`]
  }
  if (isJsonObject(expected) && isJsonObject(actual)) {
    const members = new Set([...Object.keys(expected), ...Object.keys(actual)])
    return [...members].flatMap((key) => valueDifferences(`${place}.${key}`, expected[key], actual[key]))
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length)
    return Array.from({ length }, (_, index) =>
      valueDifferences(`${place}[${index}]`, expected[index], actual[index]),
    ).flat()
  }
  return toCanonicalJson(expected) === toCanonicalJson(actual)
    ? []
    : [`${place}: ${show(expected)} became ${show(actual)}`]
}

const show = (value: Json | undefined): string => (JSON.stringify(value) ?? '').slice(0, SHOWN_CHARACTERS)
