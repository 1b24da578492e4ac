import { sql } from 'kysely'
import { parseCurrency, parseMoney } from '#kit/money'
import { findItem } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { closeBooks, openBooks } from '../books.ts'
import { valuationErrors } from '../errors.ts'
import { valuationEvents } from '../events.ts'
import { type Change, takeCurrency, times } from '../plan.ts'
import { getValue } from '../queries.ts'
import type { ItemValue, RevalueItem } from '../schemas.ts'
import { db, type PoolRow } from '../tables.ts'

const revalueLayers = prepared(db, (open, p: { item_id: string; unit_cost: number }) =>
  open
    .updateTable('cost_layers')
    .set({ left_amount: sql`left_quantity * ${p.unit_cost}` })
    .where('item_id', '=', p.item_id as PoolRow['item_id'])
    .where('left_quantity', '>', 0),
)

/**
 * Says anew what each unit of an item is worth, wherever it is: by average and in every layer. For
 * units whose cost was never told, and for write-downs. Throws `nothing_to_value`,
 * `other_currency`.
 */
export async function revalueItem(ctx: Context, input: RevalueItem): Promise<ItemValue> {
  const { id: item_id } = await findItem(ctx, input.id)
  const books = await openBooks(ctx, new Map([[item_id, []]]))
  const pool = books.get(item_id)?.pool
  if (!pool || pool.quantity === 0) throw valuationErrors.nothing_to_value({ item_id })
  const currency = parseCurrency(input.currency ?? pool.currency ?? ctx.settings.default_currency)
  const unit_cost = parseMoney(input.unit_cost, currency, 'unit_cost')
  if (unit_cost < 0) throw invalidField('unit_cost', 'must not be below 0')
  takeCurrency(pool, currency)
  const amount = times(unit_cost, pool.quantity, pool)
  const before = { ...pool }
  Object.assign(pool, { average_amount: amount, fifo_amount: amount, last_unit_amount: unit_cost })
  await revalueLayers(ctx, { item_id, unit_cost })
  await closeBooks(ctx, books, [entryOf(before, pool, input.reason ?? null)])
  emit(
    ctx,
    valuationEvents.revalued({
      item_id,
      quantity: pool.quantity,
      unit_cost_amount: unit_cost,
      currency,
      average_before_amount: before.average_amount,
      fifo_before_amount: before.fifo_amount,
      amount,
      reason: input.reason ?? null,
    }),
  )
  return getValue(ctx, { id: item_id })
}

const entryOf = (before: PoolRow, after: PoolRow, reason: string | null): Change => ({
  item_id: after.item_id,
  movement_id: null,
  kind: 'revalued',
  cost_source: 'stated',
  quantity_delta: 0,
  average_delta_amount: after.average_amount - before.average_amount,
  fifo_delta_amount: after.fifo_amount - before.fifo_amount,
  quantity_after: after.quantity,
  average_after_amount: after.average_amount,
  fifo_after_amount: after.fifo_amount,
  currency: after.currency,
  reason,
  reference_type: null,
  reference_id: null,
})
