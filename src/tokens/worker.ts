/** The thread that counts. Each message is a list of texts, and is answered with their numbers of tokens. */
import { parentPort } from 'node:worker_threads'

import { countText } from './count.ts'

parentPort?.on('message', (texts: readonly string[]) => parentPort?.postMessage(texts.map(countText)))
