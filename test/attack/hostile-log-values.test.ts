import { attacks } from './harness.ts'

attacks('what is logged may be hostile; the log goes on', {
  'getters that throw': {
    code: 'console.log({ get a() { throw 1 } })\nreturn 1',
    ends: ['ok'],
  },
  'a function whose name throws': {
    code: "const f = () => {}\nObject.defineProperty(f, 'name', { get() { throw new Error('name') } })\nconsole.log(f, { f })\nreturn 1",
    ends: ['ok'],
  },
  'a function whose name is a symbol': {
    code: "const f = () => {}\nObject.defineProperty(f, 'name', { value: Symbol('s') })\nconsole.log(f, [f])\nreturn 1",
    ends: ['ok'],
  },
  'a proxy that throws at everything': {
    code: 'const h = new Proxy({}, { get() { throw 1 } })\nconsole.log(new Proxy({}, h), new Proxy(() => 1, h))\nreturn 1',
    ends: ['ok'],
  },
  'a revoked proxy': {
    code: 'const { proxy, revoke } = Proxy.revocable({}, {})\nrevoke()\nconsole.log(proxy)\nreturn 1',
    ends: ['ok'],
  },
  'an error whose message is an object that throws': {
    code: 'const e = new Error()\ne.message = { toString() { throw 1 } }\nconsole.log(e)\nreturn 1',
    ends: ['ok'],
  },
  'an object whose toJSON never ends': {
    code: 'console.log({ toJSON() { while (true) {} } })',
    ends: ['script_cpu'],
  },
  'tools themselves': { code: 'console.log(tools, tools.test, tools.test.add)\nreturn 1', ends: ['ok'] },
})
