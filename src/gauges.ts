import type { Gateway } from './gateway/gateway.ts'
import type { Gauge } from './telemetry/metrics.ts'

/** What can be read of a gateway at any moment. */
export function gaugesOf(gateway: Gateway, isStale: () => boolean): readonly Gauge[] {
  const perServer = (
    valueOf: (report: ReturnType<Gateway['servers']>[number]) => number,
  ): ReturnType<Gauge['read']> =>
    gateway.servers().map((report) => ({ labels: { server: report.server }, value: valueOf(report) }))
  return [
    {
      name: 'isogate_config_revision',
      help: 'Grows with each configuration that is applied.',
      read: () => [{ value: gateway.configuration().revision }],
    },
    {
      name: 'isogate_config_stale',
      help: '1 while the configuration on the disk has errors and is not the one that is served.',
      read: () => [{ value: isStale() ? 1 : 0 }],
    },
    {
      name: 'isogate_server_up',
      help: '1 where a server is connected, or stopped until it is called.',
      read: () => perServer(({ status }) => (status.state === 'ready' ? 1 : 0)),
    },
    {
      name: 'isogate_server_tools',
      help: 'Tools that a server has listed.',
      read: () => perServer(({ tools }) => tools),
    },
    {
      name: 'isogate_server_tools_set_aside',
      help: 'Tools that a server has listed and that cannot be used.',
      read: () => perServer(({ quarantined }) => quarantined.length),
    },
  ]
}
