import { join } from 'node:path'

import { describeStore } from './contract.ts'
import { makeFolder, openTestStore } from './house.ts'
import { newDatabase } from './postgres.ts'

describeStore('in a file', (options) => openTestStore({ ...options, path: join(makeFolder(), 'isogate.db') }))
describeStore('in memory', (options) => openTestStore({ ...options }))
describeStore('in PostgreSQL', async (options) => openTestStore({ ...options, url: await newDatabase() }))
