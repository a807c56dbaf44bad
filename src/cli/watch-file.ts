import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Calls `onChange` some time after a file may have changed, once for a burst. Returns the way to stop. */
export type WatchFile = (path: string, onChange: () => void, onError: (reason: string) => void) => () => void

/** Editors write in several steps; what is read in between is half a file. */
const QUIET_MS = 200

/** The link that Kubernetes turns to another folder when a mounted file changes; the file itself never does. */
const MOUNTED_DATA = '..data'

/**
 * Watches the folder of a file: editors replace the file, and a watch of the file itself would stay with the one that is
 * gone. A file that is a link to another folder is not seen to change.
 */
export const watchFile: WatchFile = (path, onChange, onError) => {
  const names = [basename(path), MOUNTED_DATA]
  let timer: NodeJS.Timeout | undefined
  const fail = (error: unknown): void => onError((error as NodeJS.ErrnoException).code ?? 'unknown error')
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name !== null && !names.includes(name)) return
      clearTimeout(timer)
      timer = setTimeout(onChange, QUIET_MS)
    })
    watcher.on('error', fail)
    return () => {
      clearTimeout(timer)
      watcher.close()
    }
  } catch (error) {
    fail(error)
    return () => {}
  }
}
