import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { activeProductsAfter } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { eachRow, type Row } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { db } from './tables.ts'

/** Products of one transaction. */
const BATCH = 500

type Due = { product_id: Id<'product'>; due_at: string }

// What is due already stays due from then: it keeps its place in the row.
const upsertDue = eachRow(
  db,
  { product_id: 'uuid', due_at: 'timestamptz' } as const,
  (r: Row<Due>, from) => sql`
    insert into feed_products (product_id, due_at, attempts)
    select ${r.product_id}, ${r.due_at}, 0 ${from ? sql`from ${from} as r where true` : sql`where true`}
    on conflict (product_id) do update
      set due_at = coalesce(feed_products.due_at, excluded.due_at)
    returning product_id`,
)

const knownAfter = prepared(db, (open, p: { after: string; limit: number }) =>
  open
    .selectFrom('feed_products')
    .select('product_id')
    .where('product_id', '>', p.after as never)
    .where('sent_hash', 'is not', null)
    .orderBy('product_id')
    .limit(p.limit),
)

/** Remembers that products may have changed; nothing where no agent keeps a feed of us. */
export async function markDue(ctx: Context, ids: readonly Id<'product'>[]): Promise<void> {
  if (ctx.settings.agent_feed_url === undefined || ids.length === 0) return
  await upsertDue(ctx, { rows: ids.map((product_id) => ({ product_id, due_at: ctx.now })) })
}

/** Marks every product that is sold, and every one that the feed has. Answers how many. */
export async function markAllDue(process: ProcessContext): Promise<number> {
  const sold = await markPages(process, (ctx, after) =>
    activeProductsAfter(ctx, { after, limit: BATCH }),
  )
  await markPages(process, async (ctx, after = '00000000-0000-0000-0000-000000000000') =>
    (await knownAfter(ctx, { after, limit: BATCH })).map(({ product_id }) => product_id),
  )
  return sold
}

type NextPage = (ctx: Context, after: string | undefined) => Promise<Id<'product'>[]>

async function markPages(process: ProcessContext, next: NextPage): Promise<number> {
  let marked = 0
  for (let after: string | undefined; ; ) {
    const ids = await process.transaction(async (ctx) => {
      const page = await next(ctx, after)
      await markDue(ctx, page)
      return page
    }, 'read committed')
    marked += ids.length
    if (ids.length < BATCH) return marked
    after = ids.at(-1)
  }
}
