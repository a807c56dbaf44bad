import type { Approval } from '../core/approval.ts'
import type { CallClient } from '../core/client.ts'
import { isJsonObject } from '../core/json.ts'
import { toArgumentsText, toShort, toVisible } from './shown.ts'

/** What a person answered; `later`: nothing, so the approval goes on waiting. */
export type Choice = 'once' | 'run' | 'no' | 'later'

const MAX_ARGUMENT_CHARS = 4_000
const MAX_DONE_LINES = 20
const MAX_LINE_CHARS = 300

/** The words of the form, and what they mean. Plain words in an `enum`: every client with forms can show that. */
const ONCE = 'yes, this once'
const FOR_RUN = 'yes, this tool for the whole run'
const NO = 'no'
const MEANINGS: Readonly<Record<string, Choice>> = { [ONCE]: 'once', [FOR_RUN]: 'run', [NO]: 'no' }

/**
 * True where the person at the client can be asked by a form. A client that declares `elicitation` without saying which has forms.
 * Source: MCP 2025-11-25, client/elicitation, "Capabilities".
 */
export function canBeElicited(client: CallClient | undefined): client is CallClient {
  const elicitation = client?.capabilities['elicitation']
  if (!isJsonObject(elicitation)) return false
  return elicitation['form'] !== undefined || elicitation['url'] === undefined
}

/** Asks the person at the client whether a call may be made. Rejects as `client.ask` does. */
export async function elicit(client: CallClient, approval: Approval): Promise<Choice> {
  const { id } = approval
  const choices = isOfRun(approval) ? [ONCE, FOR_RUN, NO] : [ONCE, NO]
  const params = {
    mode: 'form',
    message: toMessage(approval),
    requestedSchema: {
      type: 'object',
      properties: {
        decision: { type: 'string', title: 'May this call be made?', enum: choices },
      },
      required: ['decision'],
    },
  }
  // Nobody can guess the key, so no answer can be there before the question.
  const { [id]: answer } = await client.ask({ [id]: { method: 'elicitation/create', params } })
  return toChoice(answer, choices)
}

function isOfRun({ subject }: Approval): boolean {
  return subject.kind === 'call' && subject.run !== undefined
}

/** Whatever is not understood is no answer. Source: MCP 2025-11-25, client/elicitation, "Response Actions". */
function toChoice(answer: unknown, choices: readonly string[]): Choice {
  if (!isJsonObject(answer)) return 'later'
  const { action, content } = answer
  if (action === 'decline') return 'no'
  if (action !== 'accept' || !isJsonObject(content)) return 'later'
  const { decision } = content
  if (typeof decision !== 'string' || !choices.includes(decision)) return 'later'
  return MEANINGS[decision] ?? 'later'
}

function toMessage({ id, subject, owner }: Approval): string {
  if (subject.kind === 'plan') return `The plan ${subject.hash} needs an approval (${id}).`
  const done = subject.run?.done ?? []
  const lines = done.slice(-MAX_DONE_LINES).map((line) => `  ${toShort(line, MAX_LINE_CHARS)}`)
  const earlier = done.length > lines.length ? [`  and ${done.length - lines.length} before that`] : []
  const args = toShort(toArgumentsText(subject.args), MAX_ARGUMENT_CHARS)
  return [
    subject.run === undefined ? 'A call needs your approval.' : 'A call of a script needs your approval.',
    `Tool: ${toShort(subject.tool, MAX_LINE_CHARS)}`,
    `Arguments: ${args}`,
    `For: ${toVisible(owner)}`,
    ...(lines.length > 0 ? ['Done so far in this run:', ...earlier, ...lines] : []),
    `Approval: ${id} (\`isogate approvals show ${id}\` shows all of it)`,
  ].join('\n')
}
