/**
 * The built-ins that the bridge uses, captured before any script runs. A script may replace `JSON.stringify` or
 * `Promise.prototype.then`; the bridge must not notice (test/attack/replaced-builtins.test.ts).
 */
const {
  apply,
  construct,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  ownKeys,
  setPrototypeOf,
} = Reflect
const { create, freeze } = Object

function uncurry<This, Args extends unknown[], Value>(
  method: (this: This, ...args: Args) => Value,
): (self: This, ...args: Args) => Value {
  return (self, ...args) => apply(method, self, args)
}

export const primordials = freeze({
  apply,
  construct,
  create,
  defineProperty,
  floor: Math.floor,
  freeze,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  imul: Math.imul,
  ownKeys,
  setPrototypeOf,
  jsonStringify: JSON.stringify,
  jsonParse: JSON.parse,
  numberToText: uncurry(Number.prototype.toString),
  toText: String,
  Error,
  EvalError,
  TypeError,
  RangeError,
  Map,
  Promise,
  Proxy,
  Symbol,
  hasInstance: Symbol.hasInstance,
  mapGet: uncurry(Map.prototype.get) as <K, V>(map: Map<K, V>, key: K) => V | undefined,
  mapSet: uncurry(Map.prototype.set) as <K, V>(map: Map<K, V>, key: K, value: V) => Map<K, V>,
  mapDelete: uncurry(Map.prototype.delete) as <K, V>(map: Map<K, V>, key: K) => boolean,
  mapForEach: uncurry(Map.prototype.forEach) as <K, V>(map: Map<K, V>, visit: (value: V) => void) => void,
  promiseThen: uncurry(Promise.prototype.then) as <T>(
    promise: Promise<T>,
    onFulfilled: ((value: T) => void) | undefined,
    onRejected?: (reason: unknown) => void,
  ) => Promise<unknown>,
  slice: uncurry(String.prototype.slice),
  charCodeAt: uncurry(String.prototype.charCodeAt),
  indexOf: uncurry(String.prototype.indexOf),
  isArray: Array.isArray,
})

/**
 * An array without a prototype. A script may put setters on the indexes of Array.prototype, and would be handed what the
 * bridge appends to an ordinary array, before it is counted (test/attack/replaced-builtins.test.ts).
 */
export function createList<Item>(): Item[] {
  const list: Item[] = []
  setPrototypeOf(list, null)
  return list
}

const NO_CONSTRUCTOR = setNoPrototype({ value: undefined })

/** `then` on a promise of the bridge's own: without a constructor it asks no property that a script can replace. */
export function listen<Value>(
  promise: Promise<Value>,
  onFulfilled: (value: Value) => void,
  onRejected?: (reason: unknown) => void,
): void {
  defineProperty(promise, 'constructor', NO_CONSTRUCTOR)
  void primordials.promiseThen(promise, onFulfilled, onRejected)
}

/** Takes the prototype from an object that the language will read: what it lacks is not looked up elsewhere. */
export function setNoPrototype<Value extends object>(value: Value): Value {
  setPrototypeOf(value, null)
  return value
}
