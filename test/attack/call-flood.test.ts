import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a flood of calls stops at the limit of calls', {
  'ten million, none awaited': {
    code: 'for (let n = 0; n < 10_000_000; n++) void tools.test.add({ a: n, b: 1 })\nreturn 1',
    ends: OUT_OF_MEMORY,
    check: (_, { upstream }) => expect(upstream.received()).toBeLessThan(2_000),
  },
  'a thousand, all awaited': {
    code: 'const all = await Promise.allSettled(Array.from({ length: 1_000 }, (_, n) => tools.test.add({ a: n, b: 0 })))\nreturn [all.filter((one) => one.status === "fulfilled").length, all.at(-1).reason.code]',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[200,"script_limit"]'),
  },
  'refused ones, for ever': {
    code: 'while (true) { try { await tools.test.add(1) } catch {} }',
    ends: OUT_OF_MEMORY,
  },
  'of a tool that is not there': {
    code: 'const all = await Promise.allSettled(Array.from({ length: 200 }, () => tools.no.tool()))\nreturn all[199].reason.code',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('unknown_tool'),
  },
})
