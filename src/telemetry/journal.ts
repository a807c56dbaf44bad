import type { Journal, JournalRecord } from '../core/ports.ts'
import type { UsageStore } from '../core/store.ts'
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

/** A journal that counts the successful calls of each tool: what is used is found sooner. */
export function createUsageJournal(usage: UsageStore): Journal {
  return {
    write({ method, tool, outcome, isSimulated }) {
      if (outcome === 'ok' && method === undefined && isSimulated === undefined) usage.add(tool, 1)
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
