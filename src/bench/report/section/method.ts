import { CACHINGS } from '../../points.ts'
import { TIME_CACHING, type Facts } from '../facts.ts'
import { toCount, toCountOf, toMean } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toTable } from '../page/table.ts'
import { describeParameters } from './sensitivity.ts'
import { toWhatIf } from './what-if.ts'

/** What was measured and what was simulated, with which settings. */
export function toMethodSection(facts: Facts): Markup {
  const { report, failures } = facts
  const { made, pricing, latency, catalog, tokenizer, tasks, isTimed } = report
  return markup`<section id="method"><h2>Method</h2>
<h3>What is measured</h3><ul>
<li>Every call of every task goes through a real gateway to servers that hold state and really change it. Scripts really run, in the sandbox, after the type check.</li>
<li>Tokens are counted by ${tokenizer} over each whole request as JSON, turn by turn: definitions and instructions, what was said before, the results; and over what the model writes. Input and output are apart. ${describeTokenizer(tokenizer)}, whatever the prices are of: another provider counts other numbers, in every mode.</li>
<li>A task is solved where its answer, which is derived from the results, is the expected one and the servers are in the right state at the end. That a call was answered is not enough.</li>
<li>${isTimed ? 'Time of the gateway and the tools, from the first call of a turn to its last result.' : 'Time was not measured in this run.'}</li>
</ul>
<h3>What is simulated</h3><ul>
<li>The model. A scripted policy for each task and mode does what a competent model would do: it looks up tools, calls in parallel whatever is independent, writes a script. It never errs by chance and does not think aloud. The same words end a task in all modes.</li>
<li>Its time: parameters, stated below, and no measurement.</li>
<li>The cache of a provider: ${CACHINGS.join(', ')}. None: all input at its full price. Cold: each turn reads from the cache what the turn before sent, and pays for writing the rest into it. Warm: definitions and instructions are in the cache before the first turn too.</li>
<li>The servers of the tasks, and the tools that only fill the list.</li>
<li>Waiting. Tasks that ask until something is done ask a made-up server, which goes on with each question, so that a script can wait in a loop within one turn. That flatters scripts: a real wait takes time, and scripts have no timers.</li>
</ul>
<h3>What is left out</h3><ul>
<li>Mistakes of a real model: a wrong tool among many that look alike, a script that has to be written twice. They grow with the number of tools in every mode.</li>
<li>Thinking tokens, system prompts of clients, and several tasks in one conversation.</li>
<li>Limits: a provider may refuse so many definitions, and a context may be too small for them. OpenAI's API takes at most 128 tools in a request, so that classic beyond that is impossible there. They are counted here as if it took them.</li>
<li>What a provider adds for tools by itself: some put a preamble of a few hundred tokens into each request that has tools, and write definitions for the model in another form than JSON. See what if, below.</li>
<li>The time of real servers; these answer at once.</li>
</ul>${toWhatIf(facts)}
<h3>Published figures of other projects</h3><p>They often count otherwise: tokens of definitions only, once, without results and later turns; a task as a success where HTTP status 200 came back; kinds of tasks where scripts lose left out. Such figures and these are not the same measurement, and should not stand in one table.</p>
<h3>Settings</h3><dl>
<dt>Made</dt><dd>${made.at} by Isogate ${made.version}</dd>
<dt>On</dt><dd>Node ${made.node}, ${made.platform}, ${toCountOf(made.cpus, 'processor')}: ${made.cpu}</dd>
<dt>Tokenizer</dt><dd>${tokenizer}</dd>
<dt>Tasks</dt><dd>${toCountOf(tasks.length, 'task')}, ${toCountOf(report.points.length, 'play')}, ${toCountOf(failures.length, 'failure')}</dd>
<dt>Price of a million tokens</dt><dd>input $${pricing.input}, output $${pricing.output}, read from the cache $${pricing.cacheRead}, written into it $${pricing.cacheWrite}; cached from ${toCountOf(pricing.cacheMinTokens, 'token')} on</dd>
${describeParameters(latency).map(([name, value]) => markup`<dt>Model: ${name}</dt><dd>${value}</dd>`)}
<dt>Cache where time is told</dt><dd>${TIME_CACHING}</dd>
<dt>Catalog</dt><dd>${catalog.source}</dd></dl>${toTable(
    'The catalog at each size: tokens of all definitions as mode classic lists them',
    [
      { title: 'tools', cell: ({ tools }) => toCount(tools) },
      { title: 'tokens of definitions', cell: ({ definitionTokens }) => toCount(definitionTokens) },
      { title: 'tokens per tool', cell: ({ tools, definitionTokens }) => toMean(definitionTokens / tools) },
    ],
    [{ rows: catalog.sizes }],
  )}<details><summary>The tasks</summary>${toTable(
    'What a person asks for',
    [
      { title: 'task', cell: ({ name }) => name },
      { title: 'kind', cell: ({ kind }) => kind, as: 'word' },
      {
        title: 'goal',
        cell: ({ goal }) => (goal.length > 400 ? `${goal.slice(0, 400)}…` : goal),
        as: 'prose',
      },
    ],
    [{ rows: tasks }],
  )}</details></section>`
}

function describeTokenizer(tokenizer: string): string {
  return tokenizer === 'o200k_base' ? 'The tokenizer is OpenAI’s o200k_base' : 'The tokenizer is the same'
}
