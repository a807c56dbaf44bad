import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { loadToken } from '../../../src/http/token.ts'
import { TOKEN } from '../../gateway/open-house.ts'
import { mcpHeaders, post, rpc, rpcRequest } from '../../http/raw-request.ts'
import { rawStatus } from './raw-status.ts'
import { serveConfig, startUpstream } from './upstream.ts'

/*
 * GHSA-g53w-w6mj-hrpp (Kuadrant): a header meant for the inside, with a key that was the same in every installation and stood in the
 * command line, went past the authentication and chose the server. Here nothing has a default secret, no header but the three of
 * credentials says who somebody is, and none of a caller's reaches a server.
 */

/** Headers by which gateways talk to themselves and to what stands before them. */
const INTERNAL: Readonly<Record<string, string>> = {
  'x-isogate-internal': 'true',
  'x-isogate-principal': 'admin',
  'x-internal-key': 'secret-api-key',
  'x-mcp-api-key': 'secret-api-key',
  'mcp-init-host': 'localhost',
  'router-key': 'secret-api-key',
  'x-mcp-servername': 'alpha',
  'x-forwarded-user': 'admin',
  'x-real-ip': '127.0.0.1',
  'x-original-url': '/health',
  'x-rewrite-url': '/health',
  'x-http-method-override': 'GET',
}

test('no header of the inside opens anything, alone or with all the others', async () => {
  await using upstream = await startUpstream()
  await using house = await serveConfig({ servers: { alpha: { url: upstream.url } } })
  for (const headers of [...Object.entries(INTERNAL).map(([name, value]) => ({ [name]: value })), INTERNAL]) {
    expect(await rawStatus(house.url, 'POST', '/mcp', headers)).toBe(401)
    expect(await rawStatus(house.url, 'POST', '/mcp/s/alpha', headers)).toBe(401)
  }
})

test('the usual default secrets are none', async () => {
  await using house = await serveConfig({ servers: {} })
  for (const secret of [
    'secret-api-key',
    'admin',
    'changeme',
    'isogate',
    'sk-1234',
    'token',
    'default',
    'test',
  ]) {
    for (const header of [
      { authorization: `Bearer ${secret}` },
      { 'x-api-key': secret },
      { 'x-isogate-key': secret },
    ])
      expect(await rawStatus(house.url, 'POST', '/mcp', header)).toBe(401)
  }
})

test('two installations have two tokens, and keep neither of them', () => {
  const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'isogate-fresh-')))
  const tokens = folders.map((folder) => loadToken(folder, false).fresh ?? '')
  expect(new Set(tokens).size).toBe(2)
  for (const [index, folder] of folders.entries()) {
    expect(tokens[index]).toMatch(/^isg_[A-Za-z0-9_-]{32}$/)
    expect(readFileSync(join(folder, 'token.sha256'), 'utf8')).not.toContain(tokens[index])
    rmSync(folder, { recursive: true })
  }
})

describe('what a server is sent', () => {
  test('carries nothing of the headers of the caller, and not the credential', async () => {
    await using upstream = await startUpstream()
    await using house = await serveConfig({ servers: { alpha: { url: upstream.url } } })
    const { body, headers } = rpcRequest('legacy', 'tools/call', { name: 'alpha__read', arguments: {} })
    const cookie = { cookie: 'session=abc', 'x-forwarded-for': '203.0.113.9' }
    const answer = await post(`${house.url}/mcp/classic`, body, { ...headers, ...INTERNAL, ...cookie })
    expect(answer.last.result).toMatchObject({ content: [{ text: 'done' }] })
    expect(upstream.calls()).toHaveLength(1)
    for (const { headers: sent, path } of upstream.seen) {
      const all = JSON.stringify([path, sent])
      expect(all).not.toContain(TOKEN)
      for (const name of [...Object.keys(INTERNAL), ...Object.keys(cookie), 'authorization'])
        expect(Object.keys(sent)).not.toContain(name)
    }
  })

  test('has neither the token nor the environment of the gateway in its own', async () => {
    const program = fileURLToPath(new URL('../../fixtures/servers/env.ts', import.meta.url))
    process.env['ISOGATE_TOKEN_OF_A_TEST'] = 'only-for-the-gateway-1'
    try {
      await using house = await serveConfig({
        servers: { alpha: { command: process.execPath, args: [program] } },
      })
      const { text } = await rpc(`${house.url}/mcp/classic`, 'legacy', 'tools/call', { name: 'alpha__env' })
      expect(text).toContain('PATH')
      expect(text).not.toContain(TOKEN)
      expect(text).not.toContain('only-for-the-gateway-1')
    } finally {
      delete process.env['ISOGATE_TOKEN_OF_A_TEST']
    }
  })
})

test('the headers of credentials that this test leaves out are the only ones', () => {
  expect(Object.keys(mcpHeaders()).toSorted()).toEqual(['accept', 'authorization', 'content-type'])
})
