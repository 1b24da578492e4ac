import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { parseCurrency } from '#kit/money'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { isDuplicate } from '#platform/database/duplicates'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { invalidField } from '#platform/operations'
import { shippingErrors } from './errors.ts'
import { type RateRow, rateOf } from './rates.ts'
import type { GetMethod, ListMethods, Method } from './schemas.ts'
import { db } from './tables.ts'

export type MethodRow = Static<(typeof db.tables)['shipping_methods']>

/** The live method of this id. Throws `method_not_found`. */
export async function findMethod(ctx: Context, id: Id<'shipping_method'>): Promise<MethodRow> {
  const found = await db(ctx)
    .selectFrom('shipping_methods')
    .selectAll()
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw shippingErrors.method_not_found({ method: id })
  return found
}

const ratesOf = prepared(db, (open, p: { methods: readonly string[] }, engine) =>
  open
    .selectFrom('shipping_rates')
    .selectAll()
    .where('method_id', 'in', listOf(engine, p.methods, 'uuid'))
    .orderBy('method_id')
    .orderBy('position'),
)

/** One method with its rates. */
export async function getMethod(ctx: Context, { id }: GetMethod): Promise<Method> {
  const row = await findMethod(ctx, id)
  return methodOf(row, await ratesOf(ctx, { methods: [id] }))
}

const SORT = 'shipping methods'

/** Methods, newest first; each filter narrows. */
export async function listMethods(ctx: Context, query: ListMethods): Promise<Page<Method>> {
  const start = pageStart(query, SORT)
  const all = filtered(ctx, query)
  const after = afterId<'shipping_method'>(start)
  const from = after ? all.where('id', '<', after) : all.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const shown = rows.slice(0, start.limit).map(({ id }) => id)
  const rates = Map.groupBy(await ratesOf(ctx, { methods: shown }), ({ method_id }) => method_id)
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ id }) => [id],
    item: (row) => methodOf(row, rates.get(row.id) ?? []),
    total: await countUpTo(ctx, all),
  })
}

function filtered(ctx: Context, { currency, zone_id, is_active }: ListMethods) {
  let methods = db(ctx).selectFrom('shipping_methods').where('archived_at', 'is', null)
  if (currency !== undefined) methods = methods.where('currency', '=', parseCurrency(currency))
  if (zone_id !== undefined) methods = methods.where('zone_id', '=', zone_id)
  if (is_active !== undefined) methods = methods.where('is_active', '=', is_active)
  return methods
}

/** Refuses facts of a method that do not go together, and a zone that is not there. */
export async function checkMethod(ctx: Context, row: MethodRow): Promise<void> {
  if (row.estimated_days_max < row.estimated_days_min) {
    throw invalidField('estimated_days_max', 'must not be less than estimated_days_min')
  }
  if (row.zone_id === null) return
  const zone = await db(ctx)
    .selectFrom('shipping_zones')
    .select('id')
    .where('id', '=', row.zone_id)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!zone) throw shippingErrors.zone_unknown({ zone_id: row.zone_id })
}

/** Says what the unique indexes say: this zone has a method of this code and currency. */
export const whenMethodTaken =
  ({ code, currency }: MethodRow) =>
  (error: unknown): never => {
    const columns = ['code', 'currency'].map((column) => `shipping_methods.${column}`)
    const everywhere = { index: 'shipping_methods_one_everywhere', columns: columns.join(', ') }
    const inZone = {
      index: 'shipping_methods_one_a_zone',
      columns: [...columns, 'shipping_methods.zone_id'].join(', '),
    }
    if (!isDuplicate(error, everywhere) && !isDuplicate(error, inZone)) throw error
    throw shippingErrors.method_taken({ code, currency })
  }

const methodOf = (row: MethodRow, rates: readonly RateRow[]): Method => {
  const { archived_at: _, ...rest } = row
  return { ...rest, rates: rates.map((rate) => rateOf(rate, row.currency)) }
}

/** What an event tells of a method. */
export const toldOf = ({ id, code, currency, zone_id }: MethodRow) => ({
  method_id: id,
  code,
  currency,
  zone_id,
})
