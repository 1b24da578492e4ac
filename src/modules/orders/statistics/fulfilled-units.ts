import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { db } from '../tables.ts'

/** What units are counted by: not at all, by SKU, or by the day or month of their order. */
export type UnitsBy = 'all' | 'sku' | 'day' | 'month'

const KEYS = {
  all: sql<string>`''`,
  sku: sql<string>`l.sku`,
  day: sql<string>`substr(cast(o.placed_at as text), 1, 10)`,
  month: sql<string>`substr(cast(o.placed_at as text), 1, 7)`,
} as const satisfies Record<UnitsBy, unknown>

/** How many units of orders placed between two instants have left, by key. One statement. */
export async function fulfilledUnits(
  ctx: Context,
  { from, to, by }: { from: string; to: string; by: UnitsBy },
): Promise<Map<string, number>> {
  const rows = await db(ctx)
    .selectFrom('orders as o')
    .innerJoin('order_lines as l', 'l.order_id', 'o.id')
    .select([KEYS[by].as('key'), (eb) => eb.fn.sum<number>('l.fulfilled_quantity').as('units')])
    .where('o.placed_at', '>=', from)
    .where('o.placed_at', '<=', to)
    .where('l.fulfilled_quantity', '>', 0)
    .groupBy('key')
    .execute()
  return new Map(rows.map(({ key, units }) => [key, Number(units)]))
}
