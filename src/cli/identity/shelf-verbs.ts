import type { Command } from 'commander'

import type { IdentityDesk, Shelf } from '../../core/identity-desk.ts'
import { toJsonText } from '../output/printable.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { BY, withDesk, withReading } from './desk.ts'
import { toDetails, toTable, type AnyView, type Column } from './print.ts'
import { readSettings, withSettingsOptions, type SettingsOptions } from './settings.ts'

/** What the verbs of a kind need to know of it. */
export interface ShelfVerbs<View extends AnyView, Created> {
  /** What it is called on the command line: `teams`. */
  readonly word: string
  /** The same of one: `team`. */
  readonly thing: string
  readonly shelfOf: (desk: IdentityDesk) => Shelf<View, Created>
  readonly columns: readonly Column<View>[]
  /** Adds what only this kind has to `create` and `change`. */
  readonly withOptions: (command: Command) => Command
  readonly examples: readonly (readonly [command: string, meaning: string])[]
  readonly createNotes?: string
  readonly removeNotes?: string
  /** What is printed of one that was made. */
  readonly tellCreated: (ports: CliPorts, created: Created, options: CreateOptions) => void
}

export interface CreateOptions extends ConfigOptions, SettingsOptions {
  readonly json?: boolean
  readonly quiet?: boolean
}

type ShowOptions = ConfigOptions & { readonly json?: boolean }

/** Adds `create`, `ls`, `show`, `change` and `rm`. */
export function addShelfVerbs<View extends AnyView, Created>(
  parent: Command,
  host: VerbHost,
  verbs: ShelfVerbs<View, Created>,
): void {
  const { word, thing, shelfOf, columns, withOptions } = verbs
  const { ports } = host
  const a = thing === 'organisation' ? 'an' : 'a'
  const named = (command: Command): Command =>
    withConfigOption(command.argument('<id>', `name of the ${thing}`))
  const print = (view: View, json: boolean | undefined): void => {
    const { stdout } = ports
    stdout.write(`${json === true ? toJsonText(view, stdout) : toDetails(view, stdout)}\n`)
  }

  const create = named(parent.command('create').summary(`make ${a} ${thing}`))
    .description(`Makes ${a} ${thing} in the store. A gateway that runs knows it within a second.`)
    .option('--json', 'print it as JSON')
  describeVerb(withSettingsOptions(withOptions(create)), {
    ...(verbs.createNotes === undefined ? {} : { notes: verbs.createNotes }),
    examples: verbs.examples,
  }).action(
    act(host, async (id: string, options: CreateOptions): Promise<ExitCode> => {
      const settings = await readSettings(ports, options)
      const created = await withDesk(ports, options.config, (desk) => shelfOf(desk).create(id, settings, BY))
      verbs.tellCreated(ports, created, options)
      return 0
    }),
  )

  const list = withConfigOption(parent.command('ls').alias('list').summary(`all ${word}`))
    .description(`Lists all ${word}, those of the configuration as well.`)
    .option('--json', `print { ${word} } as JSON`)
  describeVerb(list, { examples: [[`isogate ${word} ls`, 'one line each']] }).action(
    act(host, async (options: ShowOptions): Promise<ExitCode> => {
      const views = await withReading(ports, options.config, (desk) => shelfOf(desk).list())
      const { stdout } = ports
      const text =
        options.json === true
          ? toJsonText({ [word]: views }, stdout)
          : views.length === 0
            ? `There is no ${thing} yet. \`isogate ${word} create NAME\` makes one.`
            : toTable(views, columns, stdout)
      stdout.write(`${text}\n`)
      return 0
    }),
  )

  const show = named(parent.command('show').summary(`one ${thing} with its policy and limits`))
    .description(`Shows one ${thing} with its policy and limits.`)
    .option('--json', 'print it as JSON')
  describeVerb(show, { examples: [[`isogate ${word} show NAME`, 'everything about it']] }).action(
    act(host, async (id: string, options: ShowOptions): Promise<ExitCode> => {
      print(await withReading(ports, options.config, (desk) => shelfOf(desk).get(id)), options.json)
      return 0
    }),
  )

  const change = named(parent.command('change').summary(`give ${a} ${thing} other settings`))
    .description(`Puts other settings in the place of all that the ${thing} had.`)
    .option('--json', 'print it as JSON')
  describeVerb(withSettingsOptions(withOptions(change)), {
    notes: `What is not given is not kept. To change one thing: isogate ${word} show NAME --json | jq .settings,
change it there, and give it to --settings.`,
    examples: [[`isogate ${word} change NAME --deny 'files.delete_*'`, 'nothing but this deny list']],
  }).action(
    act(host, async (id: string, options: CreateOptions): Promise<ExitCode> => {
      const settings = await readSettings(ports, options)
      print(
        await withDesk(ports, options.config, (desk) => shelfOf(desk).change(id, settings, BY)),
        options.json,
      )
      return 0
    }),
  )

  const remove = withConfigOption(parent.command('rm').alias('remove').summary(`remove ${word}`))
    .argument('<id...>', `names of ${word}`)
    .description(`Removes ${word} from the store.`)
    .option('--json', 'print { removed } as JSON')
  describeVerb(remove, {
    ...(verbs.removeNotes === undefined ? {} : { notes: verbs.removeNotes }),
    examples: [[`isogate ${word} rm NAME`, 'gone at once']],
  }).action(
    act(host, async (ids: string[], options: ShowOptions): Promise<ExitCode> => {
      await withDesk(ports, options.config, async (desk) => {
        for (const id of ids) await shelfOf(desk).remove(id, BY)
      })
      const { stdout } = ports
      stdout.write(
        `${options.json === true ? toJsonText({ removed: ids }, stdout) : `Removed ${countOf(ids.length, thing)}.`}\n`,
      )
      return 0
    }),
  )
}
