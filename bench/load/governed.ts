/**
 * The gateway itself, with all of its layers. Arguments: how many servers; the upstream, an address or a program for Node that speaks stdio; the port,
 * if it matters.
 */
import { listenHttp, openGateway, systemClock } from '../../src/assemble.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createReadFile } from '../../src/config/files.ts'
import { checkConfigText } from '../../src/config/load.ts'
import { hashToken } from '../../src/http/auth.ts'
import { announce } from './child.ts'
import { TOKEN } from './generator.ts'

const [count = '1', upstream = '', port = '0'] = process.argv.slice(2)
const limits = { concurrency: 256, queue: 4_096 }
const reached = upstream.startsWith('http')
  ? { url: upstream }
  : { command: process.execPath, args: [upstream] }
const servers = Object.fromEntries(
  Array.from({ length: Number(count) }, (_, index) => [`s${index}`, { ...reached, limits }]),
)
const source = { env: {}, readFile: createReadFile() }
const checked = await checkConfigText(
  JSON.stringify({ servers, http: { port: Number(port) } }),
  'load.json',
  source,
)
if (!checked.ok) throw new Error(JSON.stringify(checked.issues))
const plan = compileConfig(checked.config, checked.baseDir)
const quiet = (): void => {}
const ports = {
  clock: systemClock,
  version: '0.0.0',
  log: { error: console.error, warn: console.error, info: quiet, debug: quiet },
}
const gateway = openGateway(plan, ports)
await gateway.settled()
const server = await listenHttp(plan, gateway, hashToken(TOKEN), ports)
announce({ url: `${server.url}/mcp/classic` })
