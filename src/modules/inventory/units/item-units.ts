import type { Id } from '#kit/ids'
import { type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { inventoryErrors } from '../errors.ts'
import { inventoryEvents } from '../events.ts'
import { findItem } from '../find.ts'
import { type Amount, type Factor, inBaseUnits } from './convert.ts'
import { type GetUnit, type ItemUnit, type ListUnits, type PutUnit, UNITS_MAX } from './schemas.ts'
import { db } from './tables.ts'

const unitKey = (code: string): string => code.toLowerCase()

const ofItems = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('item_units')
    .select(['item_id', 'code_key', 'numerator', 'denominator'])
    .where(isOneOf(engine, 'item_id', { values: p.items, kind: 'uuid' })),
)

type Named = { id: Id<'item'>; sku: string; unit: string }
type Wanted = { item: Named; quantity: Amount; unit?: string | undefined }

/**
 * Amounts as whole units of their items, in the order given: one statement if any is in another
 * unit, none otherwise. Throws `unit_not_found`, `unit_not_exact`.
 */
export async function inItemUnits(ctx: Context, wanted: readonly Wanted[]): Promise<number[]> {
  const isOther = ({ item, unit }: Wanted) =>
    unit !== undefined && unitKey(unit) !== unitKey(item.unit)
  const items = [...new Set(wanted.filter(isOther).map(({ item }) => item.id))]
  const rows = items.length > 0 ? await ofItems(ctx, { items }) : []
  const factors = new Map(rows.map((row) => [`${row.item_id} ${row.code_key}`, row]))
  return wanted.map((one) => {
    const { item, quantity, unit = item.unit } = one
    const factor: Factor | undefined = isOther(one)
      ? factors.get(`${item.id} ${unitKey(unit)}`)
      : { numerator: 1, denominator: 1 }
    if (!factor) throw inventoryErrors.unit_not_found({ sku: item.sku, unit })
    return inBaseUnits(quantity, factor, { sku: item.sku, unit })
  })
}

/** The other units of an item, by code. */
export async function listUnits(ctx: Context, query: ListUnits): Promise<Page<ItemUnit>> {
  const { id } = await findItem(ctx, query.id)
  const start = pageStart(query, 'code')
  const rows = db(ctx).selectFrom('item_units').where('item_id', '=', id)
  let page = rows
    .selectAll()
    .orderBy('code_key')
    .limit(start.limit + 1)
  if (start.after) page = page.where('code_key', '>', String(start.after[0]))
  else page = page.offset(start.offset)
  return pageOf({
    start,
    sort: 'code',
    rows: await page.execute(),
    key: ({ code_key }) => [code_key],
    item: unitOf,
    total: await countUpTo(ctx, rows),
  })
}

const unitOf = ({ code_key: _, ...unit }: ItemUnit & { code_key: string }): ItemUnit => unit

/**
 * Says how many of an item's own unit another is, or says it anew. What was counted before is not
 * touched: stock is kept in the item's own unit. Throws `too_many_units`.
 */
export async function putUnit(ctx: Context, input: PutUnit): Promise<ItemUnit> {
  const { code, numerator, denominator = 1 } = input
  const item = await findItem(ctx, input.id)
  const code_key = unitKey(code)
  if (code_key === unitKey(item.unit)) throw invalidField('code', "is the item's own unit")
  const known = await db(ctx)
    .selectFrom('item_units')
    .select('code_key')
    .where('item_id', '=', item.id)
    .execute()
  if (known.length >= UNITS_MAX && !known.some((unit) => unit.code_key === code_key)) {
    throw inventoryErrors.too_many_units({ sku: item.sku, most: UNITS_MAX })
  }
  const facts = { code, numerator, denominator, updated_at: ctx.now }
  const row = await db(ctx)
    .insertInto('item_units')
    .values({ item_id: item.id, code_key, ...facts, created_at: ctx.now })
    .onConflict((conflict) => conflict.columns(['item_id', 'code_key']).doUpdateSet(facts))
    .returningAll()
    .executeTakeFirstOrThrow()
  emit(ctx, inventoryEvents.item_updated({ item_id: item.id, sku: item.sku }))
  return unitOf(row)
}

/** Takes a unit of an item away. Throws `unit_not_found`. */
export async function deleteUnit(ctx: Context, { id, code }: GetUnit): Promise<undefined> {
  const item = await findItem(ctx, id)
  const { numDeletedRows } = await db(ctx)
    .deleteFrom('item_units')
    .where('item_id', '=', item.id)
    .where('code_key', '=', unitKey(code))
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw inventoryErrors.unit_not_found({ sku: item.sku, unit: code })
  emit(ctx, inventoryEvents.item_updated({ item_id: item.id, sku: item.sku }))
}
