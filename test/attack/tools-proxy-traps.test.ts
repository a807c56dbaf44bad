import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('tools can be asked and not changed', {
  'each way to change it': {
    code: `const done = []
const tries = {
  set: (o) => { o.x = 1 },
  'strict set': (o) => { 'use strict'; o.x = 1 },
  define: (o) => Object.defineProperty(o, 'x', { value: 1 }),
  delete: (o) => { 'use strict'; delete o.test },
  setPrototypeOf: (o) => Object.setPrototypeOf(o, {}),
  __proto__: (o) => Reflect.set(o, '__proto__', {}),
  preventExtensions: (o) => Object.preventExtensions(o),
  freeze: (o) => Object.freeze(o),
  assign: (o) => Object.assign(o, { x: 1 }),
}
for (const o of [tools, tools.test]) for (const [name, change] of Object.entries(tries)) {
  try { change(o); done.push(name) } catch (error) { if (error.name !== 'TypeError') done.push(error.name) }
}
return done`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[]'),
  },
  'a binding is frozen': {
    code: "'use strict'\nconst done = []\nfor (const change of [(f) => { f.x = 1 }, (f) => Object.setPrototypeOf(f, null), (f) => { delete f.name }]) try { change(tools.test.add); done.push(1) } catch {}\nreturn done",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[]'),
  },
  'tools and console stay where they are': {
    code: "const done = []\nfor (const name of ['tools']) { try { Object.defineProperty(globalThis, name, { value: 1 }); done.push(name) } catch {} globalThis[name] = 1; delete globalThis[name] }\nreturn [done, typeof tools.test.add]",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[[],"function"]'),
  },
  asking: {
    code: "return [Object.keys(tools), Reflect.ownKeys(tools).length, Object.getOwnPropertyDescriptor(tools, 'test') ?? null, Object.getPrototypeOf(tools), 'test' in tools, 'then' in tools, Symbol.iterator in tools, tools[Symbol.toPrimitive] ?? null, typeof tools.constructor, typeof tools.__proto__]",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[[],0,null,null,true,false,false,null,"undefined","undefined"]'),
  },
  'the same member is the same object': {
    code: "return [tools.test === tools.test, tools.test.add === tools.test['add']]",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[true,true]'),
  },
  'as a prototype': {
    code: 'const mine = Object.create(tools)\nreturn await mine.test.add({ a: 1, b: 2 })',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('3'),
  },
  'called and constructed': {
    code: 'const done = []\nfor (const use of [() => tools(), () => new tools(), () => tools.test(), () => new tools.test.add({})]) try { use(); done.push(String(use)) } catch {}\nreturn done',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[]'),
  },
  'as text': { code: 'return `${tools}`', ends: ['script_error'] },
  spread: {
    code: 'return { ...tools, ...tools.test }',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('{}'),
  },
})
