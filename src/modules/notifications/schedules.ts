import { clearById, clearing, DAY_MS, HOUR_MS } from '#platform/retention'
import { db } from './tables.ts'

/** Forgets mails that are older than they are kept. */
export const mailPurge = clearing({
  name: 'notifications.purge_mails',
  every_ms: HOUR_MS,
  kept_ms: (settings) => settings.mails_kept_days * DAY_MS,
  clear: clearById(db, 'mails'),
})
