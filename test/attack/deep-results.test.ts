import { attacks } from './harness.ts'

// What is nested too deeply for JSON.stringify made the gateway's process end by an unhandled rejection.
attacks(
  'nesting beyond the stack of the gateway is an error of the run',
  {
    'a result': { code: 'await tools.test.deep({ depth: 400_000 })\nreturn 1', ends: ['script_error', 'ok'] },
    'a result, not awaited': {
      code: 'void tools.test.deep({ depth: 400_000 })\nreturn await tools.test.add({ a: 1, b: 1 })',
      ends: ['ok'],
    },
    'a result that the script catches': {
      code: 'return await tools.test.deep({ depth: 400_000 }).then(() => 1, (error) => error.code)',
      ends: ['ok'],
    },
    'a value as deep as the guest can write': {
      code: `let text
        for (let depth = 20_000; ; depth -= 500) {
          let o = 0
          for (let n = 0; n < depth; n++) o = [o]
          try { JSON.stringify(o); o = [[[[o]]]]; return o } catch {}
        }
        `,
      ends: ['ok', 'script_value'],
    },
    'arguments as deep as the guest can write': {
      code: `let last
        for (let depth = 1_000; depth < 20_000; depth += 1_000) {
          let o = 0
          for (let n = 0; n < depth; n++) o = [o]
          last = await tools.test.echo({ o }).then(() => 'ok', (error) => error.code)
        }
        return last`,
      ends: ['ok'],
    },
  },
  { cpuMs: 2_000, resultBytes: 4_194_304, argumentBytes: 4_194_304 },
)
