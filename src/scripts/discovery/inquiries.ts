import type { Json, JsonObject } from '../../core/json.ts'
import { GatewayError } from '../../core/errors.ts'
import { describeTools, pageOf, type DiscoveryView, type IsVisible } from './discovery.ts'

/** What a script finds out about tools while it runs. The same view of the same tools as `search_tools` and `describe_tools` give. */
export interface Inquiries {
  readonly search: (args: JsonObject) => Json
  readonly describe: (args: JsonObject) => Json
}

/** Answers the inquiries of one run. */
export function createInquiries(view: DiscoveryView, isVisible: IsVisible): Inquiries {
  return {
    search(args) {
      if (typeof args['query'] !== 'string')
        throw new GatewayError(
          'invalid_arguments',
          'tools.$search takes a query, as in tools.$search("send mail").',
        )
      const page = pageOf(view, isVisible, args)
      return {
        tools: page.matches.map(({ spec }) => ({
          name: view.catalog.names.of(spec.ref)?.path ?? spec.ref.name,
          server: spec.ref.server,
          signature: view.index().signature(spec),
          description: spec.description ?? '',
        })),
        total: page.total,
        ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
      }
    },
    describe(args) {
      const { tools } = args
      if (!Array.isArray(tools) || tools.length > MAX_DESCRIBED)
        throw new GatewayError(
          'invalid_arguments',
          `tools.$describe takes up to ${MAX_DESCRIBED} names of tools.`,
        )
      const [block] = describeTools(view, isVisible, { tools: tools.map(String) }).content
      return block?.['text'] ?? ''
    },
  }
}

/** As many as describe_tools takes. */
const MAX_DESCRIBED = 50
