import type { Journal, JournalRecord } from '../core/ports.ts'
import type { Log } from './log.ts'

/** A journal that writes each call to the log: what was refused or failed as news, the rest as detail. Arguments are never written. */
export function createLogJournal(log: Log): Journal {
  return {
    write(record) {
      if (record.outcome === 'ok' && log.isDebugging === false) return
      const { outcome, ...rest } = record
      const detail = { ...rest, durationMs: Math.round(record.durationMs * 10) / 10 }
      if (outcome === 'ok') log.debug(detail, 'call')
      else log.info(detail, outcome === 'refused' ? 'call refused' : 'call failed in the tool')
    },
  }
}

/** A journal that gives each record to several journals. */
export function teeJournal(journals: readonly Journal[]): Journal {
  return {
    write(record: JournalRecord) {
      for (const journal of journals) journal.write(record)
    },
  }
}
