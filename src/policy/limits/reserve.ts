import type { Accounts } from './budgets/accounts.ts'
import type { Answer, Reservation } from './budgets/purse.ts'
import type { BudgetDemand } from './demand.ts'
import { budgetRefusal } from './refusals.ts'
import type { BudgetTerm } from './terms.ts'

/**
 * Sets aside of every budget what is asked, and uses it. Where one has not as much, or the use fails, all of it goes back. One budget
 * after the other: what the first refuses is not taken out of the second, where another call may find it missing.
 *
 * @returns a promise only where the store had to be asked
 * @throws GatewayError `budget_exhausted`, that of the store, or that of `use`
 */
export function reserveAll<Value>(
  accounts: Pick<Accounts, 'reserve' | 'nowMs'>,
  asked: readonly BudgetDemand[],
  use: (reservations: readonly Reservation[]) => Value,
): Value | Promise<Value> {
  const held: Reservation[] = []

  const hold = (answer: Answer, term: BudgetTerm): void => {
    if (!('settle' in answer)) throw budgetRefusal(term, answer.endsAtMs, accounts.nowMs())
    held.push(answer)
  }

  const goOn = (index: number): Value | Promise<Value> => {
    const next = asked[index]
    if (next === undefined) return use(held)
    const { term, amount } = next
    const answer = accounts.reserve(term, amount, term.limit)
    if (!(answer instanceof Promise)) {
      hold(answer, term)
      return goOn(index + 1)
    }
    return answer.then((given) => {
      hold(given, term)
      return goOn(index + 1)
    })
  }

  const release = (error: unknown): never => {
    for (const reservation of held) reservation.settle(0)
    throw error
  }

  try {
    const value = goOn(0)
    return value instanceof Promise ? value.catch(release) : value
  } catch (error) {
    return release(error)
  }
}
