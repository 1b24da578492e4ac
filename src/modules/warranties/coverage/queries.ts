import { sql } from 'kysely'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { db, serialKey } from '../tables.ts'
import { type GetWarranty, type ListWarranties, printWarranty, type Warranty } from './schemas.ts'
import { asOfNow, findWarranty } from './store.ts'

export const getWarranty = async (ctx: Context, { id }: GetWarranty): Promise<Warranty> =>
  printWarranty(await findWarranty(ctx, id))

/** Warranties, newest first; customers see their own. */
export async function listWarranties(ctx: Context, query: ListWarranties): Promise<Page<Warranty>> {
  const found = filtered(ctx, query)
  return pageById(ctx, query, {
    name: 'warranties',
    rows: found.selectAll(),
    tell: (rows) => rows.map((row) => printWarranty(asOfNow(ctx, row))),
  })
}

function filtered(ctx: Context, query: ListWarranties) {
  const { own_only, customer_id: own } = ctx.actor
  let found = db(ctx).selectFrom('warranties')
  for (const column of ['status', 'customer_id', 'product_id', 'order_id'] as const) {
    const value = query[column]
    if (value !== undefined) found = found.where(column, '=', value as never)
  }
  const { serial_number } = query
  if (serial_number) found = found.where('serial_key', '=', serialKey(serial_number))
  if (!own_only) return found
  return own ? found.where('customer_id', '=', own) : found.where(sql<boolean>`false`)
}
