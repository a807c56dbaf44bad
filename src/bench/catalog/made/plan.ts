import type { Action } from '../actions/action.ts'
import { CHANGING } from '../actions/changing.ts'
import { READING } from '../actions/reading.ts'
import { DOMAINS } from './domains.ts'
import { createRandom, type Random } from './random.ts'
import { nameAfter, type Scene, type ToolPlan } from './scene.ts'
import { drawStyle, spell, toTitle } from './style.ts'
import { type Domain, parseResource, type Resource } from './vocabulary.ts'

/** A tool that is planned, and how much there is to be said of it compared with others. */
export interface Planned {
  readonly plan: ToolPlan
  readonly score: number
}

const ACTIONS: readonly Action[] = [...READING, ...CHANGING]

const MIN_TOOLS = 4
const MAX_TOOLS = 60
/** Most servers are small. */
const SKEW = 5

const STEMS: readonly string[] = [
  'quil',
  'tarr',
  'vell',
  'orr',
  'mapl',
  'dunn',
  'hestr',
  'kelv',
  'brind',
  'salt',
  'pinn',
  'fenn',
  'ruv',
  'cald',
  'zeph',
  'lumb',
  'morr',
  'nesk',
  'thal',
  'grev',
  'jorv',
  'wend',
  'yarr',
  'oxl',
  'plim',
  'skar',
  'trev',
  'ulm',
  'corb',
]
const ENDINGS: readonly string[] = [
  'vane',
  'wick',
  'mere',
  'low',
  'ora',
  'ine',
  'ello',
  'umi',
  'aro',
  'enta',
  'ovo',
  'usk',
  'dale',
  'ith',
]

/** Servers with their tools, without end: each is the same however many are taken. */
export function* planServers(seed: number): Generator<readonly Planned[]> {
  const random = createRandom(seed)
  const taken = new Set<string>()
  for (;;) {
    for (const domain of random.shuffle(DOMAINS)) {
      const own = createRandom(Math.floor(random.next() * 2 ** 32))
      yield planServer(domain, own, taken)
    }
  }
}

function planServer(domain: Domain, random: Random, taken: Set<string>): readonly Planned[] {
  const style = drawStyle(random)
  const word = random.pick(domain.services)
  const { name, service } = drawName(word, random, taken)
  const count = MIN_TOOLS + Math.floor((MAX_TOOLS + 1 - MIN_TOOLS) * random.next() ** SKEW)
  const resources = random
    .shuffle(domain.resources.map(parseResource))
    .slice(0, Math.max(2, Math.ceil(count / 4)))
  const names = new Set<string>()
  const planned: Planned[] = []
  for (const { resource, action } of drawPairs(resources, random)) {
    if (planned.length >= count) break
    const others = resources.filter((other) => other !== resource)
    const scene: Scene = { resource, other: random.pick(others), service, about: domain.about, random }
    const plain = nameAfter(scene, action.names[style.verb % action.names.length] ?? '', word)
    const full = spell(style.isPrefixed && !plain.startsWith(word) ? `${word}_${plain}` : plain, style.naming)
    if (names.has(full)) continue
    names.add(full)
    const weight = action.needs.length * 0.25 + action.takes.length * 0.04
    const score = 0.5 * style.verbosity + weight + 1.1 * (random.next() + random.next())
    planned.push({ plan: { server: name, name: full, action, scene, style, notes: domain.notes }, score })
  }
  return planned.sort(
    (a, b) => resources.indexOf(a.plan.scene.resource) - resources.indexOf(b.plan.scene.resource),
  )
}

/** Actions on resources, what is common first. */
function drawPairs(
  resources: readonly Resource[],
  random: Random,
): readonly { resource: Resource; action: Action }[] {
  return resources
    .flatMap((resource) =>
      ACTIONS.map((action) => ({ resource, action, key: random.next() ** (1 / action.weight) })),
    )
    .sort((a, b) => b.key - a.key)
}

function drawName(word: string, random: Random, taken: Set<string>): { name: string; service: string } {
  for (;;) {
    const brand = random.pick(STEMS) + random.pick(ENDINGS)
    const Brand = toTitle(brand)
    const Word = toTitle(word)
    const [name, service] = random.pick([
      [`${brand}-${word}`, Brand],
      [`${brand}-${word}`, `${Brand} ${Word}`],
      [`${brand}_${word}`, Brand],
      [`${brand}${Word}`, `${Brand}${Word}`],
      [`${word}-${brand}`, Brand],
      [`${word}-mcp`, Word],
      [`mcp-${word}`, Word],
      [word, Word],
    ] as const)
    if (taken.has(name.toLowerCase())) continue
    taken.add(name.toLowerCase())
    return { name, service }
  }
}
