import { FIRST_NAMES, LAST_NAMES } from '../names.ts'
import { createSeed } from '../seed.ts'

const LAST = [...LAST_NAMES, 'Farrow', 'Lund'] as const

export interface Customer {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly plan: string
  readonly mrr_usd: number
  readonly owner: string
  readonly country: string
  readonly industry: string
  readonly seats_paid: number
  readonly seats_used: number
  readonly health: number
  readonly renewal_date: string
  readonly created_at: string
}

interface Contact {
  readonly id: string
  readonly customer_id: string
  readonly name: string
  readonly email: string
  readonly role: string
  readonly phone: string
  readonly is_primary: boolean
  readonly opted_out: boolean
}

const NAMES = [
  'Aldergate Foods',
  'Birchline Textiles',
  'Corvane Optics',
  'Dunmore Rail',
  'Elmstead Clinics',
  'Fernholt Energy',
  'Halden Logistics',
  'Ivorton Press',
  'Jasperline Tools',
  'Kestrel Bay Hotels',
  'Lindmark Paper',
  'Morrowfield Farms',
  'Nettlebrook Games',
  'Ostrava Castings',
  'Pemberley Music',
  'Quillon Bikes',
  'Redmarsh Insurance',
  'Saltmere Shipping',
  'Tarnwick Glass',
  'Umberhill Schools',
  'Vantor Robotics',
  'Westerly Airfreight',
  'Xenith Labs',
  'Yarrow Pharmacies',
  'Zellhof Brewing',
  'Ashdown Legal',
  'Bramley Cycles',
  'Coppergate Bank',
  'Dovetail Interiors',
  'Eastmoor Water',
  'Foxglove Media',
  'Greywater Marine',
  'Holmfirth Wool',
  'Inverdale Spirits',
  'Juniper Travel',
  'Kingsferry Docks',
  'Larkhill Dental',
  'Marlowe Theatres',
  'Northcote Steel',
  'Oakhanger Timber',
]
const ROLES = ['billing', 'technical', 'executive', 'security'] as const

/** All customers, in the order of their ids. */
export function makeCustomers(): readonly Customer[] {
  const seed = createSeed(1_007)
  return NAMES.map((name, at) => {
    const plan = seed.pick(['starter', 'team', 'business', 'business', 'enterprise', 'enterprise'])
    const seats = plan === 'enterprise' ? seed.integer(120, 900) : seed.integer(5, 110)
    return {
      id: `C-${1001 + at}`,
      name,
      domain: `${name.toLowerCase().replaceAll(' ', '-')}.example`,
      plan,
      mrr_usd: seats * (plan === 'enterprise' ? 21 : plan === 'business' ? 34 : 12),
      owner: seed.pick(['elena.ruiz', 'piet.vermeer', 'grace.obi']),
      country: seed.pick(['NL', 'DE', 'GB', 'SE', 'FR', 'US']),
      industry: seed.pick(['manufacturing', 'transport', 'health', 'retail', 'media', 'finance']),
      seats_paid: seats,
      seats_used: Math.round((seats * seed.integer(62, 109)) / 100),
      health: seed.integer(22, 98),
      renewal_date: `2027-0${seed.integer(1, 9)}-${seed.integer(10, 28)}`,
      created_at: `202${seed.integer(1, 5)}-0${seed.integer(1, 9)}-${seed.integer(10, 28)}T09:${seed.integer(10, 59)}:00Z`,
    }
  })
}

/** Two to five contacts for each customer; the first is the primary one. */
export function makeContacts(customers: readonly Customer[]): readonly Contact[] {
  const seed = createSeed(2_003)
  return customers.flatMap(({ id, domain }) =>
    Array.from({ length: seed.integer(2, 5) }, (_, at) => {
      const [first, last] = [seed.pick(FIRST_NAMES), seed.pick(LAST)]
      return {
        id: `P-${id.slice(2)}-${at + 1}`,
        customer_id: id,
        name: `${first} ${last}`,
        email: `${first}.${last}@${domain}`.toLowerCase(),
        role: seed.pick(ROLES),
        phone: `+31 20 555 ${seed.integer(1000, 9999)}`,
        is_primary: at === 0,
        opted_out: seed.chance(0.15),
      }
    }),
  )
}
