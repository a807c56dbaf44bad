import { listenHttp, openGateway, systemClock } from '../../src/assemble.ts'
import type { Plan } from '../../src/config/compile.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { hashToken } from '../../src/http/auth.ts'
import type { HttpServer } from '../../src/http/server.ts'
import { TOKEN } from './open-house.ts'

/** Opens the gateway of a plan with its real servers and its HTTP door, and waits until each server has been tried. */
export async function servePlan(
  plan: Plan,
): Promise<{ readonly gateway: Gateway; readonly http: HttpServer }> {
  const quiet = (): void => {}
  const ports = {
    clock: systemClock,
    version: '0.0.0',
    log: { error: quiet, warn: quiet, info: quiet, debug: quiet },
  }
  const gateway = openGateway(plan, ports)
  await gateway.settled()
  return { gateway, http: await listenHttp(plan, gateway, hashToken(TOKEN), ports) }
}
