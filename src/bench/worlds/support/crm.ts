import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import * as tools from './crm-tools.ts'
import { type Customer, makeContacts, makeCustomers } from './customers.ts'

const NOW = '2026-11-02T09:00:00.000Z'
const PAGE = { usual: 50, most: 100 }

/** Records of customers and of the people there. */
export function createCrm(): MockServer {
  const customers = makeCustomers()
  const contacts = makeContacts(customers)
  /** By customer, the activities that were logged. */
  let logged: readonly { readonly customerId: string; readonly subject: string }[] = []

  const find = (args: JsonObject): Customer => {
    const id = readText(args, 'customer_id')
    const customer = customers.find((each) => each.id === id)
    if (customer === undefined) throw new MockFailure(`No customer ${id}.`)
    return customer
  }

  const list = (args: JsonObject): Json => {
    const query = readOptionalText(args, 'query')?.toLowerCase()
    const { plan, owner, min_mrr_usd: least } = args
    const found = customers.filter(
      (customer) =>
        (query === undefined || `${customer.name} ${customer.domain}`.toLowerCase().includes(query)) &&
        (plan === undefined || customer.plan === plan) &&
        (owner === undefined || customer.owner === owner) &&
        (typeof least !== 'number' || customer.mrr_usd >= least),
    )
    const { entries, nextCursor, total } = toPage(found, args, PAGE)
    return { customers: entries.map(toSummary), next_cursor: nextCursor, total }
  }

  const get = (args: JsonObject): Json => {
    const customer = find(args)
    return {
      ...customer,
      billing: {
        currency: 'USD',
        interval: customer.plan === 'enterprise' ? 'year' : 'month',
        method: customer.country === 'US' ? 'card' : 'bank_transfer',
        open_invoices: customer.health < 40 ? 1 : 0,
      },
      last_activity_at: logged.some(({ customerId }) => customerId === customer.id) ? NOW : null,
    }
  }

  const listContacts = (args: JsonObject): Json => {
    const { id } = find(args)
    const found = contacts.filter(
      ({ customer_id, role, opted_out }) =>
        customer_id === id &&
        (args['role'] === undefined || role === args['role']) &&
        (args['include_opted_out'] !== false || !opted_out),
    )
    return { contacts: found.map((contact) => ({ ...contact })) }
  }

  const logActivity = (args: JsonObject): Json => {
    const { id, owner } = find(args)
    const contactId = readOptionalText(args, 'contact_id')
    if (
      contactId !== undefined &&
      !contacts.some((contact) => contact.id === contactId && contact.customer_id === id)
    )
      throw new MockFailure(`${contactId} is not a contact of customer ${id}.`)
    logged = [...logged, { customerId: id, subject: readText(args, 'subject') }]
    return { activity_id: `A-${9000 + logged.length}`, customer_id: id, owner, logged_at: NOW }
  }

  return {
    name: 'crm',
    tools: [
      { definition: tools.FIND_CUSTOMERS, run: list },
      { definition: tools.GET_CUSTOMER, run: get },
      { definition: tools.LIST_CONTACTS, run: listContacts },
      { definition: tools.LOG_ACTIVITY, run: logActivity },
    ],
    reset() {
      logged = []
    },
  }
}

function toSummary({ id, name, domain, plan, mrr_usd, owner, country }: Customer): JsonObject {
  return { id, name, domain, plan, mrr_usd, owner, country }
}
