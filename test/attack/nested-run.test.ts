import { expect } from 'vitest'

import { attacks } from './harness.ts'

const REFUSED = {
  ends: ['script_error'],
  check: ({ text }: { text: string }) => expect(text).toContain('[nested_run]'),
}

attacks('a script cannot start another one', {
  run_script: { code: "await tools.code.run_script({ code: 'return 1' })", ...REFUSED },
  search_tools: { code: "await tools.code.search_tools({ query: '' })", ...REFUSED },
  'the error can be caught and is not retryable': {
    code: "return await tools.code.run_script({ code: '' }).catch(({ code, retryable }) => [code, retryable])",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('["nested_run",false]'),
  },
  'by other spellings': {
    code: "const codes = []\nfor (const [server, tool] of [['code', 'runScript'], ['Code', 'run_script'], ['code.', 'run_script'], [' code', 'run_script'], ['test', 'code.run_script'], ['test', '../code/run_script'], ['__proto__x', 'run_script']]) codes.push(await tools[server][tool]({ code: 'return 1' }).then(() => 'RAN', (error) => error.code))\nreturn codes.includes('RAN')",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('false'),
  },
})
