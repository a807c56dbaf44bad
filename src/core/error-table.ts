/**
 * Every refusal and fault of the gateway, in one table. Each code has a section in docs/errors.md
 * (test/core/errors.test.ts checks that). Errors are never classified by their text.
 */
export interface ErrorEntry {
  /** What happened, as a sentence without particulars. */
  readonly meaning: string
  /** What the reader can do about it. */
  readonly remedy: string
  readonly http: number
  /** JSON-RPC error code, where the error is answered as a protocol error. */
  readonly jsonRpc: number
  /** True where the same request may succeed later without being changed. */
  readonly retryable: boolean
}

function entry(
  http: number,
  jsonRpc: number,
  retryable: boolean,
  meaning: string,
  remedy: string,
): ErrorEntry {
  return { meaning, remedy, http, jsonRpc, retryable }
}

export const ERRORS = {
  // A request that cannot be understood or is not allowed in.
  bad_request: entry(
    400,
    -32600,
    false,
    'The request is malformed.',
    'Send one JSON-RPC 2.0 message as the MCP specification describes it.',
  ),
  unauthorized: entry(
    401,
    -32001,
    false,
    'The request carries no valid token.',
    'Send the header `Authorization: Bearer <token>`; `isogate serve --new-token` makes a new token.',
  ),
  key_revoked: entry(
    401,
    -32001,
    false,
    'The virtual key was revoked, has expired, or is gone.',
    'Ask whoever runs the gateway for another key; `isogate keys ls` shows them.',
  ),
  forbidden_host: entry(
    403,
    -32001,
    false,
    'The Host header names a host that this gateway does not serve.',
    'Use the address that `isogate serve` printed, or add the host to `http.allowedHosts`.',
  ),
  forbidden_origin: entry(
    403,
    -32001,
    false,
    'A web page of another origin tried to call the gateway.',
    'Add the origin to `http.allowedOrigins` if the page is yours.',
  ),
  not_found: entry(
    404,
    -32601,
    false,
    'There is nothing at this address.',
    'MCP endpoints are /mcp, /mcp/code, /mcp/classic, /mcp/s/<server> and /mcp/v/<name>; the older HTTP+SSE is at <endpoint>/sse.',
  ),
  body_too_large: entry(
    413,
    -32600,
    false,
    'The request body is larger than the gateway accepts.',
    'Send less, or raise `http.maxBodyBytes`.',
  ),

  // A call that is refused before it is made.
  unknown_tool: entry(
    404,
    -32602,
    false,
    'There is no such tool.',
    'Use one of the nearest names, or search for the tool.',
  ),
  unknown_prompt: entry(404, -32602, false, 'There is no such prompt.', 'Use a name of prompts/list.'),
  unknown_resource: entry(
    404,
    -32602,
    false,
    'There is no such resource.',
    'Use a URI of resources/list, or one that a template of resources/templates/list makes.',
  ),
  unknown_method: entry(
    404,
    -32601,
    false,
    'There is no such method.',
    'Use a method of the MCP revision that you speak, and an endpoint that has it.',
  ),
  unknown_task: entry(
    404,
    -32602,
    false,
    'There is no such task.',
    'Use the id that the call returned; a task is forgotten when its time is over or the gateway is started anew.',
  ),
  invalid_arguments: entry(
    400,
    -32602,
    false,
    'The arguments do not fit the input schema of the tool.',
    'Correct the named arguments and call again.',
  ),
  policy_denied: entry(
    403,
    -32602,
    false,
    'The policy does not allow the tool to be used in this way.',
    'Use other arguments, or ask whoever runs the gateway; `isogate policy explain` tells which rule it was.',
  ),
  rate_limited: entry(
    429,
    -32000,
    true,
    'A rate is used up.',
    'Call again when the time in the message is over.',
  ),
  too_many_calls: entry(
    429,
    -32000,
    true,
    'As many calls are in flight as one level of the policy allows.',
    'Wait for one of them to end and call again.',
  ),
  budget_exhausted: entry(
    429,
    -32000,
    true,
    'A budget is used up.',
    'Wait until its next window begins, or ask whoever runs the gateway for more.',
  ),
  approval_denied: entry(
    403,
    -32602,
    false,
    'Somebody said no to the call, or nobody said yes in time.',
    'Do without the call, or ask for it in another way.',
  ),
  unknown_approval: entry(
    404,
    -32602,
    false,
    'There is no such approval.',
    'See `isogate approvals ls` for those that wait.',
  ),
  approval_decided: entry(
    409,
    -32602,
    false,
    'The approval has been decided already.',
    'Nothing needs to be done; `isogate approvals show` tells by whom.',
  ),
  approval_forbidden: entry(
    403,
    -32602,
    false,
    'Whoever decided may not decide this approval.',
    'Let somebody else decide it: `isogate approvals`, the admin API, or the webhook.',
  ),
  effect_unknown: entry(
    409,
    -32000,
    false,
    'The call was begun in an earlier leg of the run, which ended before its answer came. It may have had its effect, so it is not made again.',
    'Look whether the effect took place, and go on from there.',
  ),
  overloaded: entry(
    503,
    -32000,
    true,
    'The upstream has as many calls in flight and waiting as it is allowed.',
    'Call again later, or raise `limits.concurrency` or `limits.queue` of the server.',
  ),

  // A call that went wrong on the way.
  call_timeout: entry(
    504,
    -32001,
    true,
    'The call did not end in time. The tool may still have had its effect.',
    'Check whether the effect took place before you call again; raise `timeoutMs` if the tool is slow.',
  ),
  call_cancelled: entry(499, -32800, false, 'The caller cancelled the call.', 'Nothing needs to be done.'),
  upstream_unavailable: entry(
    502,
    -32000,
    true,
    'The upstream is not connected.',
    'See `isogate tools ls` for the reason, mend it, and call again; the gateway reconnects by itself.',
  ),
  upstream_failed: entry(
    502,
    -32000,
    false,
    'The upstream answered with a protocol error.',
    'Read the message of the upstream; the call reached it and was refused there.',
  ),
  upstream_closed: entry(
    502,
    -32000,
    true,
    'The upstream ended or lost its connection during the call. The tool may have had its effect.',
    'Check whether the effect took place before you call again.',
  ),
  upstream_invalid: entry(
    502,
    -32000,
    false,
    'The upstream sent an answer that is not valid MCP.',
    'Report it to the makers of the server.',
  ),
  upstream_too_large: entry(
    502,
    -32000,
    false,
    'The answer of the upstream is larger than the gateway accepts.',
    'Ask the tool for less, or raise `limits.maxMessageBytes` of the server.',
  ),

  // A script.
  script_syntax: entry(
    400,
    -32602,
    false,
    'The script does not parse.',
    'Correct the named line and submit the script again.',
  ),
  script_check: entry(
    400,
    -32602,
    false,
    'The script does not fit the tools that it calls. Nothing was executed.',
    'Correct the named lines and submit the script again.',
  ),
  script_error: entry(
    422,
    -32000,
    false,
    'The script threw an error that it did not catch.',
    'Correct the script at the named line; calls listed as made have taken effect.',
  ),
  script_timeout: entry(
    504,
    -32000,
    false,
    'The script did not end within its wall-clock limit.',
    'Do less in one script, or await fewer slow tools; check for a promise that never settles.',
  ),
  script_cpu: entry(
    422,
    -32000,
    false,
    'The script used up its processor time.',
    'Look for an endless loop; let tools do the heavy work.',
  ),
  script_memory: entry(
    422,
    -32000,
    false,
    'The script used more memory than it is allowed.',
    'Handle less data at a time and keep only the fields that you need.',
  ),
  script_killed: entry(
    422,
    -32000,
    false,
    'The script brought its process down and was ended.',
    'Look for enormous arrays, maps or strings, and submit a smaller script.',
  ),
  script_limit: entry(
    422,
    -32000,
    false,
    'The script went over a limit of its run.',
    'Make fewer or smaller calls, or return and log less.',
  ),
  script_stalled: entry(
    422,
    -32000,
    false,
    'The script waits for a promise that nothing will ever settle.',
    'Await only tool calls and promises that you resolve yourself.',
  ),
  script_value: entry(
    422,
    -32000,
    false,
    'The value that the script returned cannot be written as JSON.',
    'Return plain objects, arrays, strings, numbers, booleans or null, without cycles.',
  ),
  script_cancelled: entry(
    499,
    -32800,
    false,
    'The run was cancelled.',
    'Nothing needs to be done; calls listed as made have taken effect.',
  ),
  unknown_run: entry(
    404,
    -32602,
    false,
    'There is no suspended run of this id.',
    'Use the id that run_script gave; a run is resumed once, by its own caller, and forgotten after `store.runTtlMs`.',
  ),
  unknown_handle: entry(
    404,
    -32602,
    false,
    'There is no kept value under this handle.',
    'Run the script again that made it; values are kept for a while (`store.handleTtlMs`) and for their own caller.',
  ),
  approval_pending: entry(
    409,
    -32000,
    true,
    'The call waits for an approval.',
    'Call again, or resume the run, when it has been decided.',
  ),
  replay_diverged: entry(
    409,
    -32000,
    false,
    'A resumed run did not take the way that was recorded.',
    'Submit the script anew; calls that are recorded have taken effect.',
  ),
  nested_run: entry(
    422,
    -32602,
    false,
    'A script, or call_tool, cannot call a tool of Isogate itself.',
    'Call the tools of servers.',
  ),
  sandbox_unavailable: entry(
    503,
    -32000,
    true,
    'No cell could be started for the script.',
    'Look in the log of the gateway for the reason; the machine may be out of memory or processes.',
  ),
  sandbox_busy: entry(
    503,
    -32000,
    true,
    'All cells are busy and the queue of runs is full.',
    'Submit the script again later, or raise `sandbox.maxCells`.',
  ),

  // Configuration and start.
  config_not_found: entry(
    500,
    -32603,
    false,
    'There is no configuration file.',
    'Run `isogate init` to write one, or name one with `--config`.',
  ),
  config_invalid: entry(
    500,
    -32603,
    false,
    'The configuration has errors.',
    'Correct the lines that are named; `isogate validate` shows them all.',
  ),
  port_in_use: entry(
    500,
    -32603,
    false,
    'The port is in use by another program.',
    'End that program, or choose another port with `--port` or `http.port`; that of the admin API with `--admin-port` or `admin.port`.',
  ),
  listen_failed: entry(
    500,
    -32603,
    false,
    'The gateway cannot listen on this address.',
    'Check `http.host` and `http.port`.',
  ),
  token_invalid: entry(
    500,
    -32603,
    false,
    'The token that was given to the gateway is too weak to be one.',
    'Give a token of at least 16 visible ASCII characters without spaces, or none: then one is made.',
  ),
  file_exists: entry(
    500,
    -32603,
    false,
    'A file is there already and is not replaced.',
    'Move it away, or say that it may be replaced with `--force`.',
  ),
  file_unreadable: entry(500, -32603, false, 'A file cannot be read.', 'Check its name and its permissions.'),
  file_unwritable: entry(
    500,
    -32603,
    false,
    'A file cannot be written.',
    'Check the permissions of its folder and the space on the disk.',
  ),
  state_unwritable: entry(
    500,
    -32603,
    false,
    'The folder for the state of the gateway cannot be written.',
    'Make it writable, or name another with ISOGATE_HOME.',
  ),

  already_there: entry(
    409,
    -32602,
    false,
    'There is something of this name already.',
    'Choose another name, or change what is there.',
  ),
  not_there: entry(
    404,
    -32602,
    false,
    'There is nothing of this name.',
    'See what there is with the command `ls`.',
  ),
  declared: entry(
    409,
    -32602,
    false,
    'It is declared in the configuration and can be changed only there.',
    'Change the configuration file; it is applied while the gateway runs.',
  ),
  audit_unavailable: entry(
    503,
    -32000,
    true,
    'The audit cannot be written, so nothing that has to be recorded is done.',
    'Look at the log of the gateway for the reason; calls are taken again as soon as the store can be written.',
  ),
  audit_broken: entry(
    500,
    -32603,
    false,
    'The chain of the audit is not whole.',
    'Compare with a backup or an export; the message names the first bad row.',
  ),
  sealed: entry(
    500,
    -32603,
    false,
    'A stored value cannot be read with the keys that are there.',
    'Give the gateway the key with which it was written (`store.keys`).',
  ),

  store_unusable: entry(
    500,
    -32603,
    false,
    'The store of the gateway cannot be used.',
    'Do what the message says, name another file with `store.path`, or set it to false to keep everything in memory.',
  ),
  store_newer: entry(
    500,
    -32603,
    false,
    'The store was written by a newer Isogate.',
    'Start that version, or name another file with `store.path`.',
  ),
  store_full: entry(
    507,
    -32000,
    false,
    'There is no room for a further suspended run.',
    'Resume or remove runs that wait, or wait until they have run out (`store.runTtlMs`).',
  ),

  // Between a call and the client that made it.
  client_refused: entry(
    400,
    -32603,
    false,
    'The client was asked for something and answered with an error.',
    'Answer the question of the server, or connect with a client that can.',
  ),
  client_cannot: entry(
    400,
    -32603,
    false,
    'The server wants to ask the client something that it cannot be asked.',
    'Connect with a client that declares the capability; see docs/clients.md.',
  ),
  unknown_state: entry(
    400,
    -32602,
    false,
    'The `requestState` belongs to no call that waits for an answer.',
    'Make the call again without it: it waited too long, was answered already, or belongs to somebody else.',
  ),

  shutting_down: entry(503, -32000, true, 'The gateway is shutting down.', 'Call again when it is back.'),
  internal: entry(
    500,
    -32603,
    false,
    'The gateway made a mistake.',
    'Report it, with the reference in the message; the log has the details under it.',
  ),
} as const satisfies Record<string, ErrorEntry>

/** A code of the table. */
export type ErrorCode = keyof typeof ERRORS
