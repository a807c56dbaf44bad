import type { AuditBody, AuditEvent } from '../core/audit.ts'
import { canonicalJson, type Json } from '../core/json.ts'

/** Names come from callers: a tool that nobody knows is recorded too, whatever it is called. */
const MAX_TEXT = 2_048
const MAX_DETAIL = 65_536

/** An event as it is appended. */
export function toBody(event: AuditEvent): AuditBody {
  const { atMs, kind, principal, tool, outcome } = event
  const body = toEventText(event)
  return tool === undefined
    ? { body, atMs, kind, principal, outcome }
    : { body, atMs, kind, principal, tool, outcome }
}

/**
 * The canonical JSON of an event: what `canonicalJson` writes, at a fraction of its cost, because the members and their order are known
 * (test/audit/event-text.test.ts compares the two). Texts longer than 2,048 characters are cut, and a `detail` of more than 64 KiB is left out.
 */
export function toEventText(event: AuditEvent): string {
  const { approval, args, argumentBytes, argumentsHash, code, detail, door, durationMs } = event
  const { method, organisation, parent, resultBytes, rule, team, tool, traceId, verdict } = event
  let text = '{'
  if (approval !== undefined) text += `"approval":${quote(approval)},`
  if (args !== undefined) text += `"args":${canonicalJson(args)},`
  if (argumentBytes !== undefined) text += `"argumentBytes":${toNumber(argumentBytes)},`
  if (argumentsHash !== undefined) text += `"argumentsHash":${quote(argumentsHash)},`
  text += `"atMs":${toNumber(event.atMs)},`
  if (code !== undefined) text += `"code":"${code}",`
  if (detail !== undefined) text += `"detail":${toDetail(detail)},`
  if (door !== undefined) text += `"door":"${door}",`
  if (durationMs !== undefined) text += `"durationMs":${toNumber(durationMs)},`
  text += `"id":${quote(event.id)},"kind":"${event.kind}",`
  if (method !== undefined) text += `"method":${quote(method)},`
  if (organisation !== undefined) text += `"organisation":${quote(organisation)},`
  text += `"outcome":"${event.outcome}",`
  if (parent !== undefined) text += `"parent":${quote(parent)},`
  text += `"principal":${quote(event.principal)}`
  if (resultBytes !== undefined) text += `,"resultBytes":${toNumber(resultBytes)}`
  if (rule !== undefined) text += `,"rule":${quote(rule)}`
  if (team !== undefined) text += `,"team":${quote(team)}`
  if (tool !== undefined) text += `,"tool":${quote(tool)}`
  if (traceId !== undefined) text += `,"traceId":${quote(traceId)}`
  if (verdict !== undefined) text += `,"verdict":"${verdict}"`
  return `${text}}`
}

function quote(text: string): string {
  return JSON.stringify(text.length > MAX_TEXT ? cut(text) : text)
}

function cut(text: string): string {
  return `${text.slice(0, MAX_TEXT - 1).toWellFormed()}…`
}

/** As `JSON.stringify`: what JSON has no number for is null. */
function toNumber(value: number): string {
  return Number.isFinite(value) ? `${value}` : 'null'
}

function toDetail(detail: Json): string {
  const text = canonicalJson(detail)
  return text.length > MAX_DETAIL ? `{"omittedCharacters":${text.length}}` : text
}
