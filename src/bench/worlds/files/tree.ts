import { makeHandbook } from './handbook.ts'
import { makeGatewayLog, makeWorkerLog } from './logs.ts'
import { makeServices, toConfigFile } from './services.ts'

const DAYS = 18

/** The texts of all files, by path. Folders are there where a path ends with a slash. */
export function makeTree(): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    ['/srv/archive/', ''],
    ['/srv/docs/handbook.md', makeHandbook()],
    [
      '/srv/docs/README.md',
      '# Documents\n\nThe handbook and what belongs to it. Reports are in /srv/reports.\n',
    ],
    ['/srv/logs/gateway.log', makeGatewayLog()],
    ['/srv/reports/weekly.md', '# Week 43\n\nNo incidents. Two deployments of checkout, one of ledger.\n'],
    ['/srv/reports/monthly.md', '# October\n\nAvailability 99.97 %. See the weekly reports for details.\n'],
  ])
  for (const service of makeServices()) files.set(`/srv/config/${service.name}.yaml`, toConfigFile(service))
  for (let at = 1; at <= DAYS; at++) {
    const day = `2026-10-${String(at).padStart(2, '0')}`
    files.set(`/srv/logs/worker-${day}.log`, makeWorkerLog(day))
  }
  return files
}
