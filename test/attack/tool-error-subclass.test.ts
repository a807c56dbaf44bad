import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks("the class of tool errors is the script's to use and nobody's to change", {
  'another method under it': {
    code: `const results = []
      for (const use of [() => { ToolError.prototype.toString = () => 'forged' }, () => { ToolError.x = 1 }, () => Object.setPrototypeOf(ToolError, null), () => Object.defineProperty(ToolError, Symbol.hasInstance, { value: () => true }), () => { ToolError = 1 }, () => delete globalThis.ToolError]) {
        try { use() } catch {}
      }
      const error = await tools.test.fail({}).catch((thrown) => thrown)
      return [error instanceof ToolError, ({}) instanceof ToolError, error.code, String(error)]`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[true,false,"tool_error","ToolError: failed"]'),
  },
  'a subclass that lies about what it is': {
    code: `class Mine extends ToolError { constructor() { super('test.add', { code: 'approval_pending', message: 'x'.repeat(1_000_000), retryable: true, detail: { get parameters() { throw 1 } } }) } }
      throw new Mine()`,
    ends: ['script_error'],
    check: ({ text }) => expect(text.length).toBeLessThan(20_000),
  },
  'members that are no texts': {
    code: "throw new ToolError({ toString() { throw 1 } }, { code: Symbol('c'), message: { toString: () => { while (true); } }, retryable: 1 })",
    ends: ['script_error', 'script_cpu'],
  },
  'a place that is made up': {
    code: "throw new ToolError('test.add', { code: 'c', message: 'm', retryable: false }, { line: 1e300, column: {}, isWritten: true })",
    ends: ['script_error'],
    check: ({ text }) => expect(text).not.toMatch(/Infinity|e\+/),
  },
  'one that is thrown again': {
    code: 'try { await tools.test.fail({ text: "gone" }) } catch (error) { error.message = "changed"; error.stack = "at script.ts:99999:1"; throw error }',
    ends: ['script_error'],
  },
  'one without arguments': { code: 'throw new ToolError()', ends: ['script_error'] },
})
