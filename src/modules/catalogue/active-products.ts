import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { db } from './tables.ts'

const FIRST = '00000000-0000-0000-0000-000000000000'

const activeAfter = prepared(db, (open, p: { after: string; limit: number }) =>
  open
    .selectFrom('products')
    .select('id')
    .where('status', '=', 'active')
    .where('id', '>', p.after as never)
    .orderBy('id')
    .limit(p.limit),
)

/** The products on sale in the order in which they came, from behind `after` (or the first) on. */
export async function activeProductsAfter(
  ctx: Context,
  { after = FIRST, limit }: { after?: string | undefined; limit: number },
): Promise<Id<'product'>[]> {
  return (await activeAfter(ctx, { after, limit })).map(({ id }) => id)
}

const countVariants = prepared(db, (open, _: object) =>
  rawQuery<{ variants: number }>(
    open,
    sql`select count(*) as variants from product_variants as v
      join products as p on p.id = v.product_id
      where p.status = 'active' and v.archived_at is null`,
  ),
)

/** How many variants the products on sale have. */
export async function liveVariantsTotal(ctx: Context): Promise<number> {
  return Number((await countVariants.first(ctx, {}))?.variants ?? 0)
}
