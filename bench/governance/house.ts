/** A gateway with as much governance as it is told to have. Argument: a HouseSettings as JSON. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { listenHttp, openGateway, systemClock } from '../../src/assemble.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createReadFile } from '../../src/config/files.ts'
import { checkConfigText } from '../../src/config/load.ts'
import { openHomeAudit } from '../../src/home-audit.ts'
import { hashToken } from '../../src/http/auth.ts'
import { createSeal } from '../../src/secrets/seal.ts'
import { openStore } from '../../src/store/store.ts'
import { announce } from '../load/child.ts'
import { TOKEN } from '../load/generator.ts'
import type { HouseSettings } from './settings.ts'

const settings = JSON.parse(process.argv[2] ?? '{}') as HouseSettings
const folder = mkdtempSync(join(tmpdir(), 'isogate-bench-'))
const source = { env: {}, readFile: createReadFile() }
const checked = await checkConfigText(JSON.stringify(documentOf(settings)), 'governance.json', source)
if (!checked.ok) throw new Error(JSON.stringify(checked.issues.slice(0, 5)))
const plan = compileConfig(checked.config, checked.baseDir)
const quiet = (): void => {}
const ports = {
  clock: systemClock,
  version: '0.0.0',
  log: { error: console.error, warn: console.error, info: quiet, debug: quiet, isDebugging: false },
}
const seal = createSeal([randomBytes(32)], randomBytes)
const store = await openStore({
  path: join(folder, 'isogate.db'),
  clock: systemClock,
  random: randomBytes,
  seal,
})
const records = settings.isGoverned
  ? openHomeAudit({
      stateFolder: folder,
      plan: plan.audit,
      store,
      isInMemory: false,
      clock: systemClock,
      onFault: console.error,
      warn: quiet,
    })
  : undefined
const gateway = openGateway(plan, {
  ...ports,
  store,
  seal,
  ...(records === undefined ? {} : { audit: records.audit }),
})
await gateway.settled()
// Whoever is governed comes with a virtual key; the token is another one then.
const server = await listenHttp(
  plan,
  gateway,
  hashToken(settings.isGoverned ? 'another-token-of-nobody' : TOKEN),
  ports,
)
announce({ url: `${server.url}/mcp/classic` })

function documentOf({ url, isGoverned, durability, keys, rules }: HouseSettings): object {
  const bare = {
    servers: { s0: { url, limits: { concurrency: 256, queue: 4_096 } } },
    http: { port: 0 },
  }
  if (!isGoverned) return bare
  const limits = {
    rates: [{ calls: 1_000_000_000, per: 'minute' }],
    budgets: [{ unit: 'calls', amount: 1_000_000_000, per: 'day' }],
  }
  // A fifth of the rules has a condition, and all of those are about the tool that is called.
  const conditional = Math.ceil(rules / 5)
  return {
    ...bare,
    policy: {
      rules: Array.from({ length: rules }, (_, index) =>
        index < 10
          ? { tools: ['s0.echo'], verdict: 'deny', when: `args.text.startsWith("forbidden-${index}")` }
          : index < conditional
            ? { tools: [`s0.other_${index}`], verdict: 'deny', when: `args.text.startsWith("x${index}")` }
            : { tools: [`s${index}.*`], verdict: 'ask' },
      ),
    },
    organisations: { acme: {} },
    teams: { data: { organisation: 'acme', limits } },
    keys: Object.fromEntries(
      Array.from({ length: keys }, (_, index) => [
        `key-${index}`,
        { team: 'data', key: index === 0 ? TOKEN : `isk_of-a-benchmark-${index}`, limits },
      ]),
    ),
    audit: { durability },
  }
}
