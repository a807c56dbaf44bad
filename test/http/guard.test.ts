import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/core/errors.ts'
import { createGuard, type GuardOptions } from '../../src/http/guard.ts'

/** What the guard says to a Host and an Origin. */
function verdict(headers: { host?: string; origin?: string }, options: Partial<GuardOptions> = {}): string {
  try {
    createGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [], ...options })(headers)
    return 'passes'
  } catch (thrown) {
    return thrown instanceof GatewayError ? thrown.code : 'not ours'
  }
}

describe('the Host header', () => {
  test.each([
    'localhost',
    'localhost:7333',
    'LocalHost:1',
    '127.0.0.1',
    '127.0.0.1:7333',
    '[::1]',
    '[::1]:7333',
  ])('%s is this machine', (host) => {
    expect(verdict({ host })).toBe('passes')
  })

  test.each([
    'evil.example',
    'evil.example:7333',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'localhost.',
    '127.0.0.1.evil.example:7333',
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '0.0.0.0',
    '[::]',
    'evil.example@localhost',
    'localhost@evil.example',
    'localhost/evil',
    'evil.example#@localhost',
    'localhost\\evil.example',
    'localhost:notaport',
    'localhost:99999',
    ':7333',
    ' ',
    '',
    '%',
    '[::1',
    'a'.repeat(100_000),
  ])('%s is not', (host) => {
    expect(verdict({ host })).toBe('forbidden_host')
  })

  test('that is missing is refused', () => {
    expect(verdict({})).toBe('forbidden_host')
  })

  test('may be the address that is listened on, in IPv6 too', () => {
    expect(verdict({ host: '10.1.2.3:7333' }, { host: '10.1.2.3' })).toBe('passes')
    expect(verdict({ host: '[fd00::1]:7333' }, { host: 'fd00::1' })).toBe('passes')
    expect(verdict({ host: '[fd00::2]:7333' }, { host: 'fd00::1' })).toBe('forbidden_host')
  })

  test('may be a name of the configuration, whatever its case and with any port', () => {
    const options = { allowedHosts: ['Gate.Example'] }
    expect(verdict({ host: 'gate.example' }, options)).toBe('passes')
    expect(verdict({ host: 'GATE.example:443' }, options)).toBe('passes')
    expect(verdict({ host: 'other.gate.example' }, options)).toBe('forbidden_host')
  })

  test('must have the port where the configuration names one', () => {
    const options = { allowedHosts: ['gate.example:8443', '[fd00::1]:8443'] }
    expect(verdict({ host: 'gate.example:8443' }, options)).toBe('passes')
    expect(verdict({ host: '[fd00::1]:8443' }, options)).toBe('passes')
    expect(verdict({ host: 'gate.example' }, options)).toBe('forbidden_host')
    expect(verdict({ host: 'gate.example:8444' }, options)).toBe('forbidden_host')
  })
})

describe('the Origin header', () => {
  const host = 'localhost:7333'

  test('is not sent by programs, which pass', () => {
    expect(verdict({ host })).toBe('passes')
  })

  test.each(['http://localhost:7333', 'http://127.0.0.1:3000', 'https://[::1]', 'HTTP://LOCALHOST'])(
    '%s is a page of this machine',
    (origin) => {
      expect(verdict({ host, origin })).toBe('passes')
    },
  )

  test.each([
    'http://evil.example',
    'https://localhost.evil.example',
    'http://127.0.0.1.nip.io',
    'null',
    '',
    'localhost',
    'file://',
    'http://evil.example@localhost.evil.example',
    'chrome-extension://abcdef',
    'http://',
  ])('%s is not', (origin) => {
    expect(verdict({ host, origin })).toBe('forbidden_origin')
  })

  test('may be one of the configuration, whole: scheme and port count', () => {
    const options = { allowedOrigins: ['https://App.example.com'] }
    expect(verdict({ host, origin: 'https://app.example.com' }, options)).toBe('passes')
    expect(verdict({ host, origin: 'http://app.example.com' }, options)).toBe('forbidden_origin')
    expect(verdict({ host, origin: 'https://app.example.com:8443' }, options)).toBe('forbidden_origin')
    expect(verdict({ host, origin: 'https://app.example.com.evil.example' }, options)).toBe(
      'forbidden_origin',
    )
  })

  test('does not help where the Host is wrong', () => {
    expect(verdict({ host: 'evil.example', origin: 'http://localhost' })).toBe('forbidden_host')
  })
})

test('what was sent comes back cut', () => {
  const guard = createGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] })
  const error = ((): unknown => {
    try {
      guard({ host: 'a'.repeat(100_000) })
    } catch (thrown) {
      return thrown
    }
    return undefined
  })()
  expect((error as Error).message.length).toBeLessThan(200)
})
