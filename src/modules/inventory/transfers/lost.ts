import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db } from './tables.ts'

/** Units that left one location and never arrived at the other. */
export type LostUnits = { item_id: Id<'item'>; quantity: number; reason: string | null }

const lostOf = prepared(db, (open, p: { receipt_id: string }) =>
  open
    .selectFrom('transfer_receipt_lines as r')
    .innerJoin('transfer_lines as l', 'l.id', 'r.transfer_line_id')
    .select(['l.item_id', 'r.quantity', 'r.reason'])
    .where('r.receipt_id', '=', p.receipt_id as Id<'transfer_receipt'>)
    .where('r.fate', '=', 'lost')
    .orderBy('r.position'),
)

/** What was written off with one receipt of a transfer. */
export const lostUnitsOf = (
  ctx: Context,
  receipt_id: Id<'transfer_receipt'>,
): Promise<LostUnits[]> => lostOf(ctx, { receipt_id })
