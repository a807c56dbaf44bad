import { expect, test } from 'vitest'

import { toMachineClass } from '../../bench/compare/machine-class.ts'

test.each([
  ['AMD EPYC', 'amd-epyc'],
  ['AMD EPYC 7763 64-Core Processor', 'amd-epyc'],
  ['AMD EPYC-Milan Processor', 'amd-epyc-milan'],
  ['AMD Ryzen 9 7950X 16-Core Processor', 'amd-ryzen-9'],
  ['AMD Ryzen 7 5800H with Radeon Graphics', 'amd-ryzen-7'],
  ['Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz', 'intel-xeon-platinum'],
  ['Intel(R) Xeon(R) CPU E5-2673 v4 @ 2.30GHz', 'intel-xeon-e5'],
  ['13th Gen Intel(R) Core(TM) i7-1370P', 'intel-core-i7'],
  ['Apple M2 Pro', 'apple-m2-pro'],
  ['Neoverse-N1', 'neoverse-n1'],
  ['', 'unknown'],
  ['  ', 'unknown'],
])('%s is of the family %s', (cpuModel, family) => {
  expect(toMachineClass({ cpuModel, cpus: 2, nodeVersion: 'v24.21.0' })).toBe(`${family}-2cpu-node24`)
})

test('another count of processors and another major version are another class, a minor version is not', () => {
  const classOf = (cpus: number, nodeVersion: string): string =>
    toMachineClass({ cpuModel: 'Apple M2', cpus, nodeVersion })
  expect(classOf(8, 'v24.1.0')).toBe(classOf(8, 'v24.21.3'))
  expect(new Set([classOf(8, 'v24.1.0'), classOf(4, 'v24.1.0'), classOf(8, 'v26.1.0')]).size).toBe(3)
})

test('whatever a machine calls its processor, the class is the name of a file', () => {
  const odd = toMachineClass({ cpuModel: '../../etc/passwd\u0000 <b>', cpus: 1, nodeVersion: 'v24.0.0' })
  expect(odd).toMatch(/^[a-z0-9-]+$/)
})
