import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import { findItem, findLocation, isKeptAt, skusOf, unitsAt } from '#modules/inventory'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { share } from './plan.ts'
import type { GetValue, ItemValue, ListValues, Method, SumValues, ValueSummary } from './schemas.ts'
import { db, type PoolRow } from './tables.ts'

/** What the units of an item came to, now or then. */
type Worth = Pick<
  PoolRow,
  'item_id' | 'currency' | 'quantity' | 'average_amount' | 'fifo_amount' | 'last_unit_amount'
>

const valuesNow = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('stock_values')
    .selectAll()
    .where(isOneOf(engine, 'item_id', { values: p.items, kind: 'uuid' })),
)

const lastUntil = (as_of: unknown) => sql`(select x.sequence from value_entries as x
  where x.item_id = v.item_id and x.occurred_at <= ${as_of}
  order by x.occurred_at desc, x.sequence desc limit 1)`

type Then = { items: readonly string[]; as_of: string }
const valuesThen = prepared(db, (open, p: Then, engine) =>
  rawQuery(
    open,
    sql<Worth>`select v.item_id, e.currency, e.quantity_after as quantity,
        e.average_after_amount as average_amount, e.fifo_after_amount as fifo_amount,
        null as last_unit_amount
      from stock_values as v join value_entries as e on e.sequence = ${lastUntil(p.as_of)}
      where ${isOneOf(engine, 'v.item_id', { values: p.items, kind: 'uuid' })}`,
  ),
)

const worthOf = async (
  ctx: Context,
  items: readonly Id<'item'>[],
  as_of: string | undefined,
): Promise<Map<Id<'item'>, Worth>> => {
  const rows: Worth[] =
    as_of === undefined ? await valuesNow(ctx, { items }) : await valuesThen(ctx, { items, as_of })
  return new Map(rows.map((row) => [row.item_id, row]))
}

/** What an item is worth, now or at any instant since values are kept. */
export async function getValue(ctx: Context, query: GetValue): Promise<ItemValue> {
  const { id } = await findItem(ctx, query.id)
  const [value] = await toldValues(ctx, [id], await askedOf(ctx, query))
  return value as ItemValue
}

/** What items are worth, the newest item first. */
export async function listValues(ctx: Context, query: ListValues): Promise<Page<ItemValue>> {
  const asked = await askedOf(ctx, query)
  let rows = db(ctx).selectFrom('stock_values as v').select('v.item_id as id')
  if (asked.location_id) rows = rows.where(isKeptAt(sql.ref('v.item_id'), asked.location_id))
  if (query.search !== undefined) rows = rows.where(isNamed(query.search))
  if (query.unvalued !== undefined) {
    const isUnvalued = sql<boolean>`v.quantity > 0 and v.average_amount = 0 and v.fifo_amount = 0`
    rows = rows.where(query.unvalued ? isUnvalued : sql<boolean>`not (${isUnvalued})`)
  }
  return pageById(ctx, query, {
    name: 'values',
    rows,
    id: 'v.item_id',
    tell: (found) =>
      toldValues(
        ctx,
        found.map(({ id }) => id),
        asked,
      ),
  })
}

const isNamed = (search: string) => {
  const from = search.toLowerCase()
  return sql<boolean>`exists (select 1 from inventory_items as i where i.id = v.item_id
    and i.sku_key >= ${from} and i.sku_key < ${`${from}\u{10ffff}`})`
}

type Asked = {
  as_of: string | undefined
  method: Method
  location_id: Id<'location'> | undefined
}

async function askedOf(
  ctx: Context,
  { as_of, method, location_id }: Pick<GetValue, 'as_of' | 'method' | 'location_id'>,
): Promise<Asked> {
  return {
    as_of: as_of === undefined ? undefined : new Date(as_of).toISOString(),
    method: method ?? ctx.settings.valuation_method,
    location_id: location_id === undefined ? undefined : (await findLocation(ctx, location_id)).id,
  }
}

async function toldValues(
  ctx: Context,
  items: readonly Id<'item'>[],
  asked: Asked,
): Promise<ItemValue[]> {
  const { as_of, location_id } = asked
  const worth = await worthOf(ctx, items, as_of)
  const skus = await skusOf(ctx, items)
  const there = location_id && (await unitsAt(ctx, { items, location_id, as_of: as_of ?? ctx.now }))
  return items.map((item_id) => {
    const known = worth.get(item_id) ?? nothing(item_id)
    const told = printed(known, asked.method)
    const value = { item_id, item_number: skus.get(item_id) ?? '', ...told }
    if (!there) return value
    const location_quantity = there.get(item_id) ?? 0
    const part = partOf(known, asked.method, location_quantity)
    return { ...value, location_quantity, location_value: part }
  })
}

const nothing = (item_id: Id<'item'>): Worth => ({
  item_id,
  currency: null,
  quantity: 0,
  average_amount: 0,
  fifo_amount: 0,
  last_unit_amount: null,
})

const amountBy = ({ average_amount, fifo_amount }: Worth, method: Method): number =>
  method === 'fifo' ? fifo_amount : average_amount

function printed(worth: Worth, method: Method) {
  const { currency, quantity, average_amount, fifo_amount, last_unit_amount } = worth
  const print = (amount: number | null) =>
    amount === null || currency === null ? null : formatMoney(amount, currency)
  const amount = amountBy(worth, method)
  return {
    quantity,
    currency,
    method,
    value: print(amount),
    unit_cost: quantity > 0 ? print(share(amount, 1, quantity)) : null,
    average_value: print(average_amount),
    fifo_value: print(fifo_amount),
    last_unit_cost: print(last_unit_amount),
  }
}

/** The share of the units at one location; layers belong to all units alike. */
function partOf(worth: Worth, method: Method, units: number): string | null {
  const { currency, quantity } = worth
  if (currency === null) return null
  if (quantity === 0) return formatMoney(0, currency)
  return formatMoney(share(amountBy(worth, method), units, quantity), currency)
}

type Sum = {
  currency: string | null
  items: number
  quantity: number
  average_amount: number
  fifo_amount: number
  unvalued_items: number
  unvalued_quantity: number
}
const sums = (quantity: string, average: string, fifo: string) => {
  const [q, a, f] = [sql.ref(quantity), sql.ref(average), sql.ref(fifo)]
  const isUnvalued = sql`${q} > 0 and ${a} = 0 and ${f} = 0`
  return sql`sum(case when ${q} > 0 then 1 else 0 end) as items, sum(${q}) as quantity,
    sum(${a}) as average_amount, sum(${f}) as fifo_amount,
    sum(case when ${isUnvalued} then 1 else 0 end) as unvalued_items,
    sum(case when ${isUnvalued} then ${q} else 0 end) as unvalued_quantity`
}

const sumNow = prepared(db, (open, _: object) =>
  rawQuery(
    open,
    sql<Sum>`select v.currency, ${sums('v.quantity', 'v.average_amount', 'v.fifo_amount')}
      from stock_values as v group by v.currency order by v.currency`,
  ),
)
const sumThen = prepared(db, (open, p: { as_of: string }) =>
  rawQuery(
    open,
    sql<Sum>`select e.currency,
        ${sums('e.quantity_after', 'e.average_after_amount', 'e.fifo_after_amount')}
      from stock_values as v join value_entries as e on e.sequence = ${lastUntil(p.as_of)}
      group by e.currency order by e.currency`,
  ),
)

/** What all stock is worth together, by currency, now or at any instant since values are kept. */
export async function sumValues(ctx: Context, query: SumValues): Promise<ValueSummary> {
  const { as_of, method } = await askedOf(ctx, query)
  const rows = as_of === undefined ? await sumNow(ctx, {}) : await sumThen(ctx, { as_of })
  const total = (name: 'unvalued_items' | 'unvalued_quantity') =>
    rows.reduce((sum, row) => sum + row[name], 0)
  return {
    as_of: as_of ?? ctx.now,
    method,
    currencies: rows.flatMap(({ currency, items, quantity, average_amount, fifo_amount }) => {
      if (currency === null) return []
      const average_value = formatMoney(average_amount, currency)
      const fifo_value = formatMoney(fifo_amount, currency)
      const value = method === 'fifo' ? fifo_value : average_value
      return [{ currency, items, quantity, value, average_value, fifo_value }]
    }),
    unvalued: { items: total('unvalued_items'), quantity: total('unvalued_quantity') },
  }
}
