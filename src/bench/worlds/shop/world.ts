import type { World } from '../world.ts'
import { createMail } from './mail.ts'
import { createOrders } from './orders.ts'
import { READING_TASKS } from './reading-tasks.ts'
import { createStock } from './stock.ts'
import { WRITING_TASKS } from './writing-tasks.ts'

/** A shop: what was ordered, what lies in the warehouses, what customers are told. */
export const SHOP_WORLD: World = {
  name: 'shop',
  open: () => [createOrders(), createStock(), createMail()],
  tasks: [...READING_TASKS, ...WRITING_TASKS],
}
