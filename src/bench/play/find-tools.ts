import type { Dialogue } from './dialogue.ts'
import type { Knowledge, Need } from './knowledge.ts'
import { PolicyFailure } from './policy-failure.ts'

/**
 * What a competent model does before it uses tools that it was not shown: it searches for each of them at once, with other words for those
 * that were not among the matches, and has the full declaration of those of which something that it needs was left out.
 *
 * @throws PolicyFailure where a tool is not found by any of its lookups, or what is needed of it is not even in its declaration
 */
export async function findTools(
  needs: readonly Need[],
  knowledge: Knowledge,
  dialogue: Dialogue,
): Promise<void> {
  const rounds = Math.max(0, ...needs.map(({ lookups }) => lookups.length))
  for (let round = 0; round < rounds; round++) {
    const missing = needs.filter(({ tool }) => !knowledge.knows(tool))
    const queries = new Set(missing.flatMap(({ lookups }) => lookups[round] ?? []))
    if (queries.size === 0) continue
    const answers = await dialogue.ask(
      [...queries].map((query) => ({ name: 'search_tools', args: { query } })),
    )
    for (const { text } of answers) knowledge.read(text)
  }
  const lost = needs.find(({ tool }) => !knowledge.knows(tool))
  if (lost !== undefined)
    throw new PolicyFailure(`${lost.tool} is not found by any of: ${lost.lookups.join('; ')}`)
  const vague = needs.filter((need) => knowledge.missingOf(need).length > 0)
  if (vague.length === 0) return
  const tools = vague.map(({ tool }) => knowledge.nameOf(tool) ?? tool)
  const [told] = await dialogue.ask([{ name: 'describe_tools', args: { tools } }])
  for (const { tool } of vague) knowledge.learn(tool, told?.text ?? '')
  for (const need of vague) {
    const [missing] = knowledge.missingOf(need)
    if (missing !== undefined) throw new PolicyFailure(`${need.tool}: the model is not told of ${missing}`)
  }
}
