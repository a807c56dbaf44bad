import { createSeed } from '../../seed.ts'

/** Somebody in the directory. */
export type Person = Readonly<{
  id: string
  name: string
  email: string
  title: string
  team: string
  office: string
  managerId: string | null
  status: string
  timeZone: string
  startedOn: string
  ownsServices: readonly string[]
  about: string
}>

/** A team with its services, and who is on call in the weeks to come. */
type Team = Readonly<{
  id: string
  name: string
  mission: string
  services: readonly string[]
}>

export const TEAMS: readonly Team[] = [
  {
    id: 'payments',
    name: 'Payments',
    mission: 'Money comes in, is booked once and goes out again.',
    services: ['checkout', 'ledger', 'pricing'],
  },
  {
    id: 'platform',
    name: 'Platform',
    mission: 'Everything that others build upon.',
    services: ['gateway', 'identity', 'queue'],
  },
  {
    id: 'discovery',
    name: 'Discovery',
    mission: 'People find what they are looking for.',
    services: ['search', 'suggestions'],
  },
  {
    id: 'fulfilment',
    name: 'Fulfilment',
    mission: 'What was bought gets to its door.',
    services: ['shipping', 'warehouse', 'labels'],
  },
  {
    id: 'insight',
    name: 'Insight',
    mission: 'Figures that can be relied upon.',
    services: ['reporting', 'events'],
  },
]

const OFFICES = [
  { office: 'Lisbon', timeZone: 'Europe/Lisbon' },
  { office: 'Ghent', timeZone: 'Europe/Brussels' },
  { office: 'Tartu', timeZone: 'Europe/Tallinn' },
] as const

const FIRST_NAMES = [
  'Adaeze',
  'Bastian',
  'Carmela',
  'Dmitri',
  'Elif',
  'Farid',
  'Greta',
  'Hanno',
  'Ivana',
  'Jorge',
  'Katrin',
  'Leandro',
  'Maarika',
  'Nuno',
  'Odile',
  'Pavel',
  'Quirin',
  'Rosalie',
  'Sander',
  'Teodora',
  'Ugo',
  'Vesna',
  'Wim',
  'Yara',
  'Zoran',
] as const
const LAST_NAMES = [
  'Almeida',
  'Brouwer',
  'Castellan',
  'Dragomir',
  'Eriksen',
  'Ferrand',
  'Grabner',
  'Holub',
  'Ilves',
  'Jansen',
  'Kallas',
  'Lindholm',
  'Marchetti',
  'Novak',
  'Okonkwo',
  'Pereira',
  'Quintela',
] as const

const TITLES = [
  'Software engineer',
  'Senior software engineer',
  'Staff engineer',
  'Product designer',
  'Data analyst',
  'Quality engineer',
] as const

const INTERESTS = [
  'Came from a bank and still likes double entry.',
  'Keeps our handbook in order, and bakes.',
  'Writes most of the tests for the browsers that nobody else has.',
  'Has moved two data centres and would rather not move a third.',
  'Draws before writing code, and asks why twice.',
] as const

const PER_TEAM = 12

/** All who work here, team by team, the lead of each first. */
export function createStaff(): readonly Person[] {
  const seed = createSeed(77)
  return TEAMS.flatMap(({ id: team, services }, teamIndex) =>
    Array.from({ length: PER_TEAM }, (_, index) => {
      const number = teamIndex * PER_TEAM + index
      const name = `${FIRST_NAMES[(number * 7) % FIRST_NAMES.length] ?? ''} ${LAST_NAMES[(number * 5) % LAST_NAMES.length] ?? ''}`
      const place = seed.pick<(typeof OFFICES)[number]>(OFFICES)
      const isLead = index === 0
      return withPlot({
        id: toId(number),
        name,
        email: `${name.toLowerCase().replace(' ', '.')}@orchard.example`,
        title: isLead ? 'Engineering manager' : seed.pick(TITLES),
        team,
        office: place.office,
        managerId: isLead ? (number === 0 ? null : toId(0)) : toId(teamIndex * PER_TEAM),
        status: number % 9 === 5 ? 'on_leave' : 'active',
        timeZone: place.timeZone,
        startedOn: `20${seed.integer(16, 25)}-0${seed.integer(1, 9)}-01`,
        ownsServices: services.filter((_service, at) => at + 1 === index),
        about: seed.pick(INTERESTS),
      })
    }),
  )
}

function toId(number: number): string {
  return `p-${1_001 + number}`
}

/** The owners of three services are away. */
function withPlot(person: Person): Person {
  const { ownsServices } = person
  if (ownsServices.length === 0) return person
  const isAway = ['ledger', 'search', 'identity'].some((service) => ownsServices.includes(service))
  return { ...person, status: isAway ? 'on_leave' : 'active' }
}
