import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import { db, type SoldCardRow } from './tables.ts'

/** The cards of these orders, the voided ones too, by line and unit. */
export const soldCardsOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_gift_cards')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_line_id')
    .orderBy('unit'),
)

/** A plain insert: a second card of a unit is an error, whoever makes it. */
export const insertSoldCards = insertRows(db, 'order_gift_cards')

const setVoided = prepared(
  db,
  (open, p: Pick<SoldCardRow, 'order_line_id' | 'unit' | 'voided_at'>) =>
    open
      .updateTable('order_gift_cards')
      .set({ voided_at: p.voided_at })
      .where('order_line_id', '=', p.order_line_id)
      .where('unit', '=', p.unit),
)

/** Marks a card as voided now, or as good again. The order's lock is held. */
export async function markVoided(
  ctx: Context,
  { order_line_id, unit }: SoldCardRow,
  voided_at: string | null,
): Promise<void> {
  await setVoided.run(ctx, { order_line_id, unit, voided_at })
}

/** The orders of these in which a unit has become a gift card. */
export async function ordersWithCards(
  ctx: Context,
  orders: readonly Id<'order'>[],
): Promise<ReadonlySet<Id<'order'>>> {
  if (orders.length === 0) return new Set()
  return new Set((await soldCardsOf(ctx, { orders })).map(({ order_id }) => order_id))
}
