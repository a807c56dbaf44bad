import { parentPort, workerData } from 'node:worker_threads'

import { openFileChain, type FileChain } from './file-chain.ts'
import type { Answer, Fault, Order, ThreadData } from './thread-messages.ts'

/*
 * Writes the audit into the file of the store, in a thread of its own: each append waits for the disk, and the gateway must not.
 */
const { path } = workerData as ThreadData
let file: FileChain | undefined

function answer({ id, bodies = [] }: Order): Answer {
  try {
    file ??= openFileChain(path)
    return { id, link: file.append(bodies) }
  } catch (error) {
    const fault = toFault(error)
    close()
    return { id, fault }
  }
}

/** A file that is opened anew may do what this one cannot do any more. */
function close(): void {
  try {
    file?.close()
  } finally {
    file = undefined
  }
}

function toFault(error: unknown): Fault {
  const { message, errcode, code } = error as Partial<Fault>
  return {
    message: message ?? '',
    ...(errcode === undefined ? {} : { errcode }),
    ...(code === undefined ? {} : { code }),
  }
}

parentPort?.on('message', (order: Order) => {
  if (order.bodies !== undefined) return parentPort?.postMessage(answer(order))
  close()
  return parentPort?.close()
})
