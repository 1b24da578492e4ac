import { formatMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import { findItem } from '#modules/inventory'
import type { Context } from '#platform/context'
import { pageByNumber } from '#platform/database/list-pages'
import { type CostSource, share } from './plan.ts'
import type { CostLayer, ListOfItem, ValueEntry } from './schemas.ts'
import { db, type EntryRow, type LayerRow } from './tables.ts'

/** Every change of an item's value, the newest first. */
export async function listEntries(ctx: Context, query: ListOfItem): Promise<Page<ValueEntry>> {
  const { id } = await findItem(ctx, query.id)
  return pageByNumber(ctx, query, {
    name: 'value entries',
    number: 'sequence',
    rows: db(ctx).selectFrom('value_entries').where('item_id', '=', id).selectAll(),
    tell: (rows) => rows.map(entryOf),
  })
}

/** The layers that an item's units are left of, the oldest first: the next to leave. */
export async function listLayers(ctx: Context, query: ListOfItem): Promise<Page<CostLayer>> {
  const { id } = await findItem(ctx, query.id)
  const value = await db(ctx)
    .selectFrom('stock_values')
    .select('currency')
    .where('item_id', '=', id)
    .executeTakeFirst()
  const layers = db(ctx).selectFrom('cost_layers').where('item_id', '=', id)
  return pageByNumber(ctx, query, {
    name: 'cost layers',
    number: 'sequence',
    order: 'oldest first',
    rows: layers.where('left_quantity', '>', 0).selectAll(),
    tell: (rows) => rows.map((row) => layerOf(row, value?.currency ?? null)),
  })
}

function entryOf({ item_id: _, ...row }: EntryRow): ValueEntry {
  const { average_delta_amount, fifo_delta_amount, average_after_amount, fifo_after_amount } = row
  const { sequence, kind, movement_id, cost_source, quantity_delta, quantity_after } = row
  const { currency, reason, reference_type, reference_id, actor, occurred_at } = row
  const print = (amount: number) => (currency === null ? null : formatMoney(amount, currency))
  return {
    sequence,
    kind,
    movement_id,
    cost_source: cost_source as CostSource | null,
    quantity_delta,
    currency,
    average_delta: print(average_delta_amount),
    fifo_delta: print(fifo_delta_amount),
    quantity_after,
    average_after: print(average_after_amount),
    fifo_after: print(fifo_after_amount),
    reason,
    reference_type,
    reference_id,
    actor,
    occurred_at,
  }
}

function layerOf(row: LayerRow, currency: string | null): CostLayer {
  const { sequence, movement_id, quantity, left_quantity, left_amount, received_at } = row
  const print = (amount: number) => (currency === null ? null : formatMoney(amount, currency))
  const left_value = print(left_amount)
  const unit_cost = print(share(left_amount, 1, left_quantity))
  return { sequence, movement_id, quantity, left_quantity, left_value, unit_cost, received_at }
}
