import { attacks, OUT_OF_MEMORY } from './harness.ts'

const BOMB = "let o = 'x'.repeat(1000)\nfor (let n = 0; n < 40; n++) o = [o, o]\n"

attacks('a small object that is enormous as JSON ends by a limit', {
  'as the value': { code: `${BOMB}return o`, ends: [...OUT_OF_MEMORY, 'script_value'] },
  'as an argument': {
    code: `${BOMB}await tools.test.echo({ o })`,
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
  'in the console': { code: `${BOMB}console.log(o)\nreturn 1`, ends: [...OUT_OF_MEMORY, 'ok'] },
  'in what is thrown': { code: `${BOMB}throw o`, ends: [...OUT_OF_MEMORY, 'script_error'] },
  'with spaces': {
    code: `${BOMB}return JSON.stringify(o, null, 10).length`,
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
  parsed: {
    code: "return JSON.parse('['.repeat(5_000_000) + ']'.repeat(5_000_000)).length",
    ends: [...OUT_OF_MEMORY, 'script_error', 'ok'],
  },
})
