import { CODE_WORLD } from './code/world.ts'
import { FILES_WORLD } from './files/world.ts'
import { OFFICE_WORLD } from './office/world.ts'
import { SHOP_WORLD } from './shop/world.ts'
import { SUPPORT_WORLD } from './support/world.ts'
import type { World } from './world.ts'

/** All worlds with their tasks. */
export const WORLDS: readonly World[] = [SUPPORT_WORLD, SHOP_WORLD, FILES_WORLD, CODE_WORLD, OFFICE_WORLD]
