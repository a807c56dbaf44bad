import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import type { Command } from 'commander'

import { anchorFile, parseAnchor, type Anchor } from '../../audit/anchor.ts'
import { toTime } from '../../audit/export/csv.ts'
import { auditKeyFile, parseTrustedKeys, publicKeyFile, type TrustedKeys } from '../../audit/signing-key.ts'
import { verifyAudit, type AuditReport } from '../../audit/verify.ts'
import { GatewayError } from '../../core/errors.ts'
import { toJsonText } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { during } from '../session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { NOTHING_YET, withRecords } from './records.ts'

interface VerifyOptions extends ConfigOptions {
  readonly key?: readonly string[]
  readonly acceptEnd?: boolean
  readonly json?: boolean
}

const MAX_FILE_BYTES = 65_536

/** Adds `isogate audit verify`. */
export function addVerify(audit: Command, host: VerbHost): void {
  const command = audit
    .command('verify')
    .summary('nothing was changed, removed or put in')
    .description('Recomputes the chain of all records and checks its signatures; names the first bad row.')
  withConfigOption(command)
    .option(
      '--key <public.pem...>',
      'public keys of all gateways that signed (default: the one beside the key of this home)',
    )
    .option('--accept-end', 'after an older backup was restored: forget how far the chain reached')
    .option('--json', 'print the report as JSON')
  describeVerb(command, {
    notes: `Each row holds the hash of the row before it; checkpoints are signed with a key outside of the store, and the file
audit.head.json beside that key says how far the chain reached. Without that file rows that were cut off the end since
the last checkpoint are not missed. A gateway that misses rows signs nothing more: where an older backup was restored,
end the gateway, run this with --accept-end, and start it again. Exit code 1 where a row is bad.`,
    examples: [
      ['isogate audit verify', 'here, with the keys of this home'],
      ['isogate audit verify --key a.pub --key b.pub', 'where two gateways write to one store'],
      ['isogate audit verify --accept-end', 'after `isogate db restore` of an older backup'],
    ],
  }).action(act(host, (options: VerifyOptions) => verify(host.ports, options)))
}

async function verify(ports: CliPorts, options: VerifyOptions): Promise<ExitCode> {
  const { stdout } = ports
  const report = await withRecords(ports, options.config, async ({ plan, store }) => {
    const keyFile = plan?.audit.keyFile ?? auditKeyFile(stateFolder(ports))
    const file = anchorFile(keyFile)
    if (options.acceptEnd === true) await rm(file, { force: true })
    // Before the rows: what is written meanwhile is after it.
    const anchor = await readAnchor(ports, file)
    const keys = await readKeys(ports, options.key, keyFile)
    const work = verifyAudit(store, keys, anchor === undefined ? {} : { anchor })
    return { ...(await during(ports, 'Verifying the audit', work)), isAnchored: anchor !== undefined }
  })
  if (report === undefined) {
    stdout.write(options.json === true ? `${toJsonText({ rows: 0 }, stdout)}\n` : `${NOTHING_YET}\n`)
    return 0
  }
  const { fault, ...rest } = report
  if (fault !== undefined) {
    const good =
      report.rows === 1 ? 'The row before it is good.' : `${countOf(report.rows, 'row')} before it are good.`
    throw new GatewayError('audit_broken', `Row ${fault.seq} ${fault.why}. ${good}`, {
      detail: {
        seq: fault.seq,
        upTo: fault.upTo,
        goodRows: report.rows,
        goodCheckpoints: report.checkpoints,
      },
    })
  }
  if (options.json === true) stdout.write(`${toJsonText(rest, stdout)}\n`)
  else stdout.write(`${describe(report, ports).join('\n')}\n`)
  return 0
}

function describe(
  report: AuditReport & { readonly isAnchored: boolean },
  { stdout }: CliPorts,
): readonly string[] {
  const { good, dim } = createStyle(stdout)
  const { rows, checkpoints, signedSeq, firstSeq, lastSeq, fromMs, toMs, isPruned, isAnchored } = report
  if (firstSeq === undefined || lastSeq === undefined) return [NOTHING_YET]
  const unsigned = lastSeq - signedSeq
  return [
    `${good('✓')} ${countOf(rows, 'row')} and ${countOf(checkpoints, 'checkpoint')} are good: rows ${firstSeq} to ${lastSeq}, ${toTime(fromMs ?? 0)} to ${toTime(toMs ?? 0)}.`,
    ...(isPruned ? [dim(`Rows before ${firstSeq} were pruned.`)] : []),
    ...(unsigned > 0 ? [dim(`${countOf(unsigned, 'row')} at the end not signed yet.`)] : []),
    ...(isAnchored ? [] : [dim('There is no audit.head.json: rows cut off the end would not be missed.')]),
  ]
}

/** @throws GatewayError `audit_unavailable` */
async function readKeys(
  ports: CliPorts,
  given: readonly string[] | undefined,
  keyFile: string,
): Promise<TrustedKeys> {
  if (given !== undefined) {
    const texts = await Promise.all(given.map((file) => readPem(ports, resolve(ports.cwd, file))))
    return parseTrustedKeys(texts.flatMap((text) => text ?? []))
  }
  const own = (await readPem(ports, publicKeyFile(keyFile), false)) ?? (await readPem(ports, keyFile, false))
  if (own === undefined)
    throw new GatewayError(
      'audit_unavailable',
      `There is no key at ${keyFile}. Name the public key with --key.`,
    )
  return parseTrustedKeys([own])
}

async function readPem(
  { readFile }: CliPorts,
  name: string,
  isNeeded = true,
): Promise<{ readonly name: string; readonly pem: string } | undefined> {
  const read = await readFile(name, MAX_FILE_BYTES)
  if (read.kind === 'text') return { name, pem: read.text }
  if (read.kind === 'missing' && !isNeeded) return undefined
  const why = read.kind === 'missing' ? 'it does not exist' : read.reason
  throw new GatewayError('audit_unavailable', `${name} cannot be read: ${why}.`)
}

/** @throws GatewayError `audit_broken` where it is there and says nothing */
async function readAnchor({ readFile }: CliPorts, file: string): Promise<Anchor | undefined> {
  const read = await readFile(file, MAX_FILE_BYTES)
  if (read.kind === 'missing') return undefined
  return parseAnchor(read.kind === 'text' ? read.text : '', file)
}

function stateFolder({ env, home }: CliPorts): string {
  return env['ISOGATE_HOME'] || join(home, '.isogate')
}
