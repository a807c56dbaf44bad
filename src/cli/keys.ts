import type { Command } from 'commander'

import type { FreshKey, KeyView } from '../core/identity-desk.ts'
import { BY, withDesk } from './identity/desk.ts'
import { sourceOf } from './identity/print.ts'
import { toDurationMs } from './identity/settings.ts'
import { addShelfVerbs } from './identity/shelf-verbs.ts'
import { toJsonText } from './output/printable.ts'
import { createStyle } from './output/style.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from './verb.ts'

interface RotateOptions extends ConfigOptions {
  readonly overlap: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** Adds `isogate keys` with its verbs. */
export function addKeys(program: Command, host: VerbHost): void {
  const keys = program
    .command('keys')
    .summary('virtual keys: who may call, what, and how often')
    .description(
      'Makes and looks after virtual keys, in the store of this home. A gateway that runs follows.',
    )
  addShelfVerbs(keys, host, {
    word: 'keys',
    thing: 'key',
    shelfOf: (desk) => desk.keys,
    columns: [
      { title: 'NAME', cell: ({ id }) => id },
      { title: 'STATE', cell: ({ state }) => state },
      { title: 'TEAM', cell: ({ settings }) => settings.team ?? '' },
      { title: 'SECRETS', cell: ({ secrets }) => secrets.map(({ hint }) => `${hint}…`).join(' ') },
      { title: 'EXPIRES', cell: ({ settings }) => settings.expires?.slice(0, 10) ?? '' },
      { title: 'FROM', cell: (view: KeyView) => sourceOf(view) },
    ],
    withOptions: (command) =>
      command
        .option('--team <team>', 'the team that it belongs to')
        .option('--expires <when>', 'when it ends: 30d, or a day as 2027-01-31')
        .option('-q, --quiet', 'print the key alone'),
    createNotes: `The key is printed once and kept nowhere; the store has its hash. All levels hold: what the gateway, the organisation
or the team does not allow, no key allows.`,
    removeNotes: `A key that is only to be refused is revoked. Whoever is given a new key of the same name takes over what the old one has left:
suspended runs, kept values, and what is used of its budgets.`,
    examples: [
      ['isogate keys create ci --team data --expires 30d', 'a key of a team'],
      [
        `isogate keys create bot --allow 'files.read_*' --rate 100/minute`,
        'only some tools, and not too often',
      ],
      [`isogate keys create app --budget calls=1000/day --quiet > app.key`, 'the key alone, into a file'],
    ],
    tellCreated: tellFresh,
  })
  addRotate(keys, host)
  addRevoke(keys, host)
}

function addRotate(keys: Command, host: VerbHost): void {
  const { ports } = host
  const command = withConfigOption(keys.command('rotate').summary('give a key another secret'))
    .argument('<id>', 'name of the key')
    .description('Gives a key another secret, and prints it once.')
    .option('--overlap <time>', 'how long the old secret is still accepted: 24h, 7d', '0s')
    .option('-q, --quiet', 'print the key alone')
    .option('--json', 'print { key, secret } as JSON')
  describeVerb(command, {
    examples: [
      ['isogate keys rotate ci --overlap 24h', 'time to put the new one everywhere'],
      ['isogate keys rotate ci', 'the old one is refused at once: it has leaked'],
    ],
  }).action(
    act(host, async (id: string, options: RotateOptions): Promise<ExitCode> => {
      const overlapMs = toDurationMs(options.overlap, '--overlap')
      tellFresh(
        ports,
        await withDesk(ports, options.config, (desk) => desk.keys.rotate(id, overlapMs, BY)),
        options,
      )
      return 0
    }),
  )
}

function addRevoke(keys: Command, host: VerbHost): void {
  const { ports } = host
  const command = withConfigOption(keys.command('revoke').summary('refuse keys, for ever'))
    .argument('<id...>', 'names of keys')
    .description('Refuses keys from now on, for ever; scripts that run with them end at their next call.')
    .option('--json', 'print { keys } as JSON')
  describeVerb(command, {
    notes:
      'A gateway that runs refuses them within a second. They stay in the list, so that their names are not used again.',
    examples: [['isogate keys revoke ci', 'refused from now on']],
  }).action(
    act(
      host,
      async (ids: string[], options: ConfigOptions & { readonly json?: boolean }): Promise<ExitCode> => {
        const revoked = await withDesk(ports, options.config, async (desk) => {
          const views: KeyView[] = []
          for (const id of ids) views.push(await desk.keys.revoke(id, BY))
          return views
        })
        const { stdout } = ports
        stdout.write(
          `${options.json === true ? toJsonText({ keys: revoked }, stdout) : `Revoked ${ids.join(', ')}.`}\n`,
        )
        return 0
      },
    ),
  )
}

/** Prints the one time that a secret is known. */
function tellFresh(
  { stdout }: CliPorts,
  fresh: FreshKey,
  { json, quiet }: { readonly json?: boolean; readonly quiet?: boolean },
): void {
  if (quiet === true) stdout.write(`${fresh.secret}\n`)
  else if (json === true) stdout.write(`${toJsonText(fresh, stdout)}\n`)
  else
    stdout.write(`The key ${fresh.key.id}, shown only this once: ${createStyle(stdout).bold(fresh.secret)}
Send it as \`Authorization: Bearer <key>\`, or in the header x-api-key or x-isogate-key.
`)
}
