import { Command, CommanderError } from 'commander'

import { addApprovals } from './approvals/approvals.ts'
import { addDb } from './db/db.ts'
import { addAudit } from './audit/audit.ts'
import { addBench } from './bench/bench.ts'
import { addDiff } from './diff.ts'
import { reportFailure } from './failure.ts'
import { addImport } from './import.ts'
import { addInit } from './init.ts'
import { addKeys } from './keys.ts'
import { addOrganisations } from './organisations.ts'
import { createStyle } from './output/style.ts'
import { addPolicy } from './policy.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { addRun } from './run.ts'
import { addSavings } from './savings.ts'
import { addScripts } from './scripts/scripts.ts'
import { addServe } from './serve.ts'
import { addServers } from './servers.ts'
import { addStdio } from './stdio.ts'
import { addTeams } from './teams.ts'
import { addTools } from './tools/tools.ts'
import { addValidate } from './validate.ts'
import type { VerbHost } from './verb.ts'

/** Runs the command line. Never rejects; the caller makes the exit code that of the process. */
export async function runCli(words: readonly string[], ports: CliPorts): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const program = createProgram({ ports, end: (code) => void (exitCode = code) })
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return reportFailure(ports, thrown, false)
    // Help and version that were asked for end with 0; all else that commander throws is wrong usage.
    return thrown.exitCode === 0 ? 0 : 2
  }
}

function createProgram(host: VerbHost): Command {
  const { stdout, stderr, version } = host.ports
  const program = new Command('isogate')
    .description('MCP gateway and Code Mode runtime: many MCP servers behind one endpoint.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .showHelpAfterError('`--help` after the command shows how it is written.')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'isogate: ')),
      getOutHelpWidth: () => stdout.columns,
      getErrHelpWidth: () => stderr.columns,
      getOutHasColors: () => stdout.isTerminal,
      getErrHasColors: () => stderr.isTerminal,
    })
    .configureHelp({ styleTitle: (text) => createStyle(stdout).bold(text) })
    .addHelpText(
      'after',
      `
Examples:
  isogate init && isogate serve    begin
  isogate tools ls                 see what is there
  isogate run script.ts            run a script over the tools

\`isogate <command> --help\` tells more.`,
    )
  for (const add of [
    addServe,
    addStdio,
    addInit,
    addValidate,
    addDiff,
    addImport,
    addTools,
    addServers,
    addRun,
    addPolicy,
    addScripts,
    addSavings,
    addKeys,
    addTeams,
    addOrganisations,
    addApprovals,
    addAudit,
    addDb,
    addBench,
  ])
    add(program, host)
  return program
}
