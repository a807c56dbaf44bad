import { parseOrganisation, parseTeam } from '../config/identity-settings.ts'
import { GatewayError } from '../core/errors.ts'
import type { IdentityDesk, OrganisationView, Shelf, TeamView } from '../core/identity-desk.ts'
import { createDeskWork, type DeskParts, type DeskWork } from './desk-work.ts'
import { createKeyShelf } from './key-shelf.ts'
import type { Enrolled, Roll } from './roll.ts'
import { toOrganisationView, toTeamView } from './views.ts'

/** Makes the desk at which people create, change and remove who may call. */
export function createIdentityDesk(parts: DeskParts): IdentityDesk {
  const work = createDeskWork(parts)
  const { store } = parts
  return {
    organisations: createShelf<OrganisationView, ReturnType<typeof parseOrganisation>>(work, {
      what: 'organisation',
      of: ({ organisations }) => organisations,
      toView: toOrganisationView,
      parse: parseOrganisation,
      require: () => {},
      members: ({ teams }, id) =>
        [...teams.values()].filter(({ record }) => record.organisation === id).map(({ record }) => record.id),
      put: store.putOrganisation,
      remove: store.removeOrganisation,
    }),
    teams: createShelf<TeamView, ReturnType<typeof parseTeam>>(work, {
      what: 'team',
      of: ({ teams }) => teams,
      toView: toTeamView,
      parse: parseTeam,
      require: ({ organisations }, { organisation }) => {
        if (organisation !== undefined && !organisations.has(organisation))
          throw new GatewayError('invalid_arguments', `There is no organisation "${organisation}".`)
      },
      members: ({ keys }, id) =>
        [...keys.values()].filter(({ record }) => record.team === id).map(({ record }) => record.id),
      put: store.putTeam,
      remove: store.removeTeam,
    }),
    keys: createKeyShelf(work, parts),
  }
}

interface Kind<View, Record> {
  readonly what: 'organisation' | 'team'
  readonly of: (roll: Roll) => ReadonlyMap<string, Enrolled<unknown>>
  readonly toView: (roll: Roll, id: string) => View | undefined
  readonly parse: (id: string, settings: unknown) => Record
  /** @throws GatewayError where it names something that is not there */
  readonly require: (roll: Roll, record: Record) => void
  /** The names of what belongs to it. */
  readonly members: (roll: Roll, id: string) => readonly string[]
  readonly put: (record: Record, isNew: boolean) => Promise<void>
  readonly remove: (id: string) => Promise<boolean>
}

function createShelf<View, Record>(
  { read, change }: DeskWork,
  { what, of, toView, parse, require, members, put, remove }: Kind<View, Record>,
): Shelf<View> {
  const viewOf = (roll: Roll, id: string): View => {
    const view = toView(roll, id)
    if (view === undefined) throw new GatewayError('not_there', `There is no ${what} "${id.slice(0, 64)}".`)
    return view
  }
  const write = async (id: string, settings: unknown, isNew: boolean, by: string): Promise<View> => {
    const record = parse(id, settings)
    await change({ what, id, action: isNew ? 'created' : 'changed', by }, isNew, of, async (roll) => {
      require(roll, record)
      await put(record, isNew)
    })
    return viewOf(await read(), id)
  }
  return {
    list: async () => {
      const roll = await read()
      return [...of(roll).keys()].sort().map((id) => viewOf(roll, id))
    },
    get: async (id) => viewOf(await read(), id),
    create: (id, settings, by) => write(id, settings, true, by),
    change: (id, settings, by) => write(id, settings, false, by),
    remove: (id, by) =>
      change({ what, id, action: 'removed', by }, false, of, async (roll) => {
        const left = members(roll, id)
        if (left.length > 0) {
          const names = left.slice(0, 5).join(', ')
          const more = left.length > 5 ? ` and ${left.length - 5} more` : ''
          throw new GatewayError(
            'invalid_arguments',
            `To the ${what} "${id}" belong ${names}${more}: remove them first.`,
          )
        }
        await remove(id)
      }),
  }
}
