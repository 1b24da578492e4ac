import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db, type RequestRow } from './tables.ts'

type Aside = { id: Id<'payment'>; amount: number; now: string }

const FREE = {
  held: sql<number>`authorized_amount - captured_amount - voided_amount
    - capture_pending_amount - void_pending_amount`,
  taken: sql<number>`captured_amount - parted_amount - refunded_amount
    - refund_pending_amount`,
}

/** A guarded write that adds to a pending amount only what is free at that moment. */
const setsAside = (
  column: 'capture_pending_amount' | 'void_pending_amount' | 'refund_pending_amount',
  free: (typeof FREE)[keyof typeof FREE],
) =>
  prepared(db, (open, p: Aside) =>
    open
      .updateTable('payments')
      .set((eb) => ({
        [column]: eb(column, '+', p.amount),
        version: eb('version', '+', 1),
        updated_at: p.now,
      }))
      .where('id', '=', p.id)
      .where(free, '>=', p.amount),
  )

const aside = {
  capture: setsAside('capture_pending_amount', FREE.held),
  void: setsAside('void_pending_amount', FREE.held),
  // Parallel refunds meet here: together they never exceed what was captured.
  refund: setsAside('refund_pending_amount', FREE.taken),
}

/** What can be set aside for: `confirm` asks for no amount of its own. */
export type AsideFor = Extract<RequestRow['operation'], 'confirm' | 'capture' | 'void' | 'refund'>

/** Sets the amount aside if so much is free at this moment; the row count is the answer. */
export async function setAside(ctx: Context, operation: AsideFor, values: Aside): Promise<boolean> {
  if (operation === 'confirm') return true
  const { affected } = await aside[operation].run(ctx, values)
  return affected === 1
}
