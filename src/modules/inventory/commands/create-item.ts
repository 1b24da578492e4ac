import type { Id } from '#kit/ids'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { receiveStock } from '../backorders/allocate.ts'
import { inventoryErrors } from '../errors.ts'
import { inventoryEvents } from '../events.ts'
import { findLocation, skuKey } from '../find.ts'
import { getItem } from '../queries.ts'
import type { CreateItem, InventoryItem } from '../schemas.ts'
import { db } from '../tables.ts'

export type NewItem = {
  sku: string
  description?: string | null
  unit?: string
  reorder_point?: number | null
  reorder_quantity?: number | null
  backorder_limit?: number
  preorder_until?: string | null
  lead_time_days?: number | null
}

/** Keeps an item that has no stock yet. Throws `sku_taken`. */
export async function keepItem(ctx: Context, item: NewItem): Promise<Id<'item'>> {
  const { sku } = item
  requireItemSku(sku)
  const id = ctx.newId('item')
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('inventory_items')
    .values({
      id,
      number: nextNumber(ctx.session.engine, 'inventory_items'),
      sku,
      sku_key: skuKey(sku),
      description: item.description ?? null,
      unit: item.unit ?? 'EA',
      reorder_point: item.reorder_point ?? null,
      reorder_quantity: item.reorder_quantity ?? null,
      backorder_limit: item.backorder_limit ?? 0,
      backordered: 0,
      preorder_until: item.preorder_until ?? null,
      lead_time_days: item.lead_time_days ?? null,
      archived_at: null,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .onConflict((conflict) => conflict.column('sku_key').doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw inventoryErrors.sku_taken({ sku })
  emit(ctx, inventoryEvents.item_created({ item_id: id, sku }))
  return id
}

type Settings = Pick<
  CreateItem,
  'reorder_quantity' | 'backorder_limit' | 'preorder_until' | 'lead_time_days'
>

/** What was said of how an item is ordered and sold ahead of stock, as it is stored. */
export const settingsOf = ({ preorder_until: until, ...said }: Settings) => ({
  ...(said.reorder_quantity !== undefined && { reorder_quantity: said.reorder_quantity }),
  ...(said.backorder_limit !== undefined && { backorder_limit: said.backorder_limit }),
  ...(said.lead_time_days !== undefined && { lead_time_days: said.lead_time_days }),
  ...(until !== undefined && { preorder_until: until === null ? null : toInstant(until) }),
})

/** Refuses a SKU that could not be told from an item's number. */
export function requireItemSku(sku: string): void {
  if (/^\d{1,15}$/.test(sku))
    throw invalidField('sku', 'must not be a mere number, which names an item')
}

/** Keeps an item if it is new, and receives its units at a location. As documented, it adds. */
export async function createItem(ctx: Context, input: CreateItem): Promise<InventoryItem> {
  const location = await findLocation(ctx, input.location_id)
  const known = await db(ctx)
    .selectFrom('inventory_items')
    .select(['id', 'sku', 'archived_at'])
    .where('sku_key', '=', skuKey(input.item_number))
    .executeTakeFirst()
  if (known?.archived_at) throw inventoryErrors.sku_taken({ sku: input.item_number })
  const fresh = {
    sku: input.item_number,
    description: input.description ?? null,
    reorder_point: input.reorder_point ?? null,
    ...settingsOf(input),
    ...(input.primary_uom_code && { unit: input.primary_uom_code }),
  }
  const item_id = known?.id ?? (await keepItem(ctx, fresh))
  await receiveStock(ctx, [
    {
      item_id,
      sku: known?.sku ?? input.item_number,
      location_id: location.id,
      quantity_delta: input.quantity_on_hand,
      kind: 'received',
      reason: input.reason ?? null,
    },
  ])
  return getItem(ctx, { id: item_id })
}
