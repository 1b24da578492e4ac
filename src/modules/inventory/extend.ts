import { prepared } from '#platform/database/prepared'
import type { Reference } from './release.ts'
import { db } from './tables.ts'

/**
 * Lets what a holder still holds end at another instant; for `writeTogether` with the holder's own
 * rows. What has expired, is certain or is without an end stays as it is.
 */
export const extendReservations = prepared(
  db,
  (open, p: Reference & { expires_at: string; now: string }) =>
    open
      .updateTable('reservations')
      .set({ expires_at: p.expires_at, updated_at: p.now })
      .where('reference_id', '=', p.reference_id)
      .where('reference_type', '=', p.reference_type)
      .where('status', '=', 'pending')
      .where('expires_at', '>', p.now),
)
