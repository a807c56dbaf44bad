/** How scripts are written. Read on demand: as a resource, as a prompt, and once with the first run of a caller that fails. */
export const HOW_TO = `Scripts for run_script
- TypeScript or JavaScript: statements with top-level await and return, or one (async) function. Without return the last expression is the value.
- A call: await tools.<server>.<tool>({ name: value }). One object of named arguments; the server's own spelling works too: tools.s['list-items'].
- Find tools: search_tools gives callable signatures, describe_tools all of a tool's types. In a script: await tools.$search('words'), await tools.$describe(['s.tool']).
- An unknown result: log its shape once (console.log(Object.keys(x))) or return a small part of it, then write what depends on it.
- Several calls that do not need each other: Promise.all, or Promise.allSettled where some may fail. Filter, join and count in the script; return little.
- A failing call throws a ToolError: code, tool, message, retryable, parameters. Catch what you expect, per item.
- After a failed run, "Calls already made" have taken effect: send only the rest.
- A value that was cut stays under its handle: const all = await runs.open('h_...').
- Images and audio come as references { type, mimeType, bytes, handle }: return the reference and the client gets the content.
- input is what run_script was given as input. No imports, network, files or timers: what reaches outside is a tool.
- dryRun: true calls only what reads, and lists the other calls with their arguments.`

/** Under which the how-to is listed. */
export const HOW_TO_URI = 'guide://isogate/scripts'
export const HOW_TO_PROMPT = 'write_scripts'
