import { afterAll, describe, expect, it } from 'vitest'

import { schemaToType } from '../../../src/catalog/stubs/schema-type.ts'
import type { SoftTypes } from '../../../src/catalog/stubs/soft-type.ts'
import type { CheckReport, CheckRequest } from '../../../src/scripts/check/check.ts'
import { createScriptChecker } from '../../../src/scripts/check/create.ts'
import type { EngineKind } from '../../../src/scripts/check/engine.ts'
import { CATALOG, isVisible } from './catalog.ts'
import { MISTAKES } from './mistakes.ts'
import { RIGHT_SCRIPTS } from './right-scripts.ts'

/** What every compiler must find, and must not find. Both kinds are held to it. */
export function describeChecker(kind: EngineKind): void {
  describe(`check with the compiler "${kind.name}"`, () => {
    const checker = createScriptChecker({ engines: [kind] })
    afterAll(() => checker.close())
    const check = (code: string, more: Partial<CheckRequest> = {}): Promise<CheckReport> =>
      checker.check({ code, catalog: CATALOG, isVisible, ...more })

    it.each(Object.entries(RIGHT_SCRIPTS))('finds nothing in: %s', async (_, code) => {
      const report = await check(code)
      expect(report.skipped).toBeUndefined()
      expect(report.problems).toEqual([])
    })

    it.each(MISTAKES.map((mistake) => [mistake.name, mistake] as const))('finds: %s', async (_, mistake) => {
      const report = await check(mistake.code)
      expect(report.skipped).toBeUndefined()
      expect(report.problems.map(({ line, severity }) => ({ line, severity }))).toEqual(
        mistake.found.map(({ line, severity = 'error' }) => ({ line, severity })),
      )
      for (const [index, { text }] of mistake.found.entries()) {
        for (const part of text) expect(report.problems[index]?.text).toContain(part)
      }
      for (const { text } of report.problems) {
        expect(text.length).toBeLessThanOrEqual(300)
        expect(text).not.toMatch(/\n|\b(?:Args|Result|Server)\d/)
      }
    })

    it('gives the column in the submitted text, whatever stands before it', async () => {
      const code = 'async ({ tools }) => { const a = "ä😀\u2028"; await tools.files.read({ path: 1 }) }'
      const [problem] = (await check(code)).problems
      expect(problem).toMatchObject({ line: 1, column: code.indexOf('path') + 1 })
    })

    it('loads only what is named', async () => {
      expect((await check('return 1')).checkedTools).toBe(0)
      expect((await check('return tools.files.now()')).checkedTools).toBe(1)
      expect((await check('const { files } = tools; return files[name]()')).checkedTools).toBe(3)
    })

    it('says how many more problems there are', async () => {
      const { problems } = await check('tools.files.read({ path: 1 })\n'.repeat(25))
      expect(problems).toHaveLength(11)
      expect(problems.at(-1)?.text).toBe('… and 15 more.')
    })

    it('takes what does not fit a learned type for a hint', async () => {
      const type = schemaToType({ type: 'object', properties: { body: { type: 'string' } } })
      const soft: SoftTypes = ({ name }) => (name === 'read' ? { type, count: 3 } : undefined)
      const code = 'const file = await tools.files.read({ path: 1 })\nreturn file.text'
      const { problems } = await check(code, { soft })
      expect(problems.map(({ line, severity }) => [line, severity])).toEqual([
        [1, 'error'],
        [2, 'hint'],
      ])
      expect((await check(code)).problems).toHaveLength(1)
      expect(
        (await check(code.replace('path: 1', "path: ''").replace('.text', '.body'), { soft })).problems,
      ).toEqual([])
    })

    it('checks the use of an input whose type is given', async () => {
      const code = 'return tools.files.read({ path: input.path })'
      expect((await check(code, { inputType: '{ path: string }' })).problems).toEqual([])
      expect((await check(code, { inputType: '{ path: number }' })).problems).toHaveLength(1)
    })

    it('leaves what does not parse to the run', async () => {
      expect((await check('const a = (')).skipped).toContain('does not parse')
    })

    it('is not left in a state by a script', async () => {
      await check('interface Tools { files: any }\ntype Args1 = any\nvar tools = 1')
      expect((await check('return tools.files.read({ path: 1 })')).problems).toHaveLength(1)
    })

    it('ends a script that would take it for ever, and checks others meanwhile', async () => {
      const impatient = createScriptChecker({ engines: [kind], timeoutMs: 4_000 })
      try {
        const hostile = impatient.check({ code: ENDLESS, catalog: CATALOG, isVisible })
        const honest = await impatient.check({
          code: 'return tools.files.read({ path: 1 })',
          catalog: CATALOG,
          isVisible,
        })
        // Or by the limit of its memory, whichever it reaches first.
        expect((await hostile).skipped).toMatch(/took too long|compiler ended/)
        // On a machine that is busy with others the second compiler may not start in time.
        if (honest.skipped === undefined) expect(honest.problems).toHaveLength(1)
        const after = await checkMistake(impatient)
        expect(after.problems).toHaveLength(1)
      } finally {
        await impatient.close()
      }
    })

    it('survives scripts that are nested too deeply', async () => {
      for (const code of ['('.repeat(30_000), `${'['.repeat(20_000)}${']'.repeat(20_000)}`]) await check(code)
      expect((await checkMistake(checker)).problems).toHaveLength(1)
    })

    it('checks nothing that is too long', async () => {
      expect((await check(`// ${'x'.repeat(70_000)}`)).skipped).toContain('longer')
    })

    it('checks scripts at the same time without mixing them up', async () => {
      const reports = await Promise.all(
        Array.from({ length: 12 }, (_, index) => check(`${'\n'.repeat(index)}tools.files.read({ path: 1 })`)),
      )
      expect(reports.map(({ problems }) => problems[0]?.line)).toEqual(reports.map((_, index) => index + 1))
    })

    it('stops for a caller who has gone', async () => {
      const { skipped } = await check('return 1', { signal: AbortSignal.abort() })
      expect(skipped).toContain('cancelled')
      expect((await checkMistake(checker)).problems).toHaveLength(1)
    })
  })
}

function checkMistake(checker: ReturnType<typeof createScriptChecker>): Promise<CheckReport> {
  return checker.check({ code: 'return tools.files.read({ path: 1 })', catalog: CATALOG, isVisible })
}

/** Types whose instantiation would take minutes. */
const ENDLESS = Array.from(
  { length: 400 },
  (_, index) =>
    `type R${index}<N, A extends any[] = []> = A['length'] extends N ? A : R${index}<N, [...A, ${index}]>; let v${index}: R${index}<990>;`,
).join('\n')
