import { sql } from 'kysely'
import {
  activeProductsAfter,
  liveVariantsTotal,
  type WholeProduct,
  wholeProducts,
} from '#modules/catalogue'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { markAllDue } from './due.ts'
import { feedErrors } from './errors.ts'
import { feedItems, feedProduct } from './feed-product.ts'
import type { FeedItems, FeedProducts, FeedTotals, GetFeed, ListFeed, Pushed } from './schemas.ts'
import { db } from './tables.ts'

/** Products on sale as an agent's feed has them, in the order in which they came. */
export async function listFeedProducts(ctx: Context, input: ListFeed): Promise<FeedProducts> {
  const { products, next_cursor } = await pageOf(ctx, input)
  return { items: products.map((product) => feedProduct(product, ctx.settings)), next_cursor }
}

/** The same as one flat row a variant; `limit` counts products. */
export async function listFeedItems(ctx: Context, input: ListFeed): Promise<FeedItems> {
  const { products, next_cursor } = await pageOf(ctx, input)
  return { items: products.flatMap((product) => feedItems(product, ctx.settings)), next_cursor }
}

type Page = { products: WholeProduct[]; next_cursor: string | null }

/** Variants of one page, but for one product that has more: then the page ends early. */
export const VARIANTS_MAX = 2_000

async function pageOf(ctx: Context, { cursor: after, limit = 20 }: ListFeed): Promise<Page> {
  const ids = await activeProductsAfter(ctx, { after, limit: limit + 1 })
  const here = ids.slice(0, limit)
  const { products, covered } = await wholeProducts(ctx, {
    ids: here,
    variants_max: VARIANTS_MAX,
  })
  return { products, next_cursor: ids.length > covered ? (here[covered - 1] ?? null) : null }
}

/** How long the feed is, and what the agent's feed has of it. */
export async function getFeedTotals(ctx: Context, _: GetFeed): Promise<FeedTotals> {
  const items_total = await liveVariantsTotal(ctx)
  const { agent_feed_url: url } = ctx.settings
  if (url === undefined) return { items_total, agent_feed: null }
  const count = (condition: ReturnType<typeof sql>) =>
    sql<number>`coalesce(sum(case when ${condition} then 1 else 0 end), 0)`
  const totals = await db(ctx)
    .selectFrom('feed_products')
    .select((eb) => [
      count(sql`sent_hash is not null and feed_url = ${url}`).as('sent_total'),
      count(sql`due_at is not null`).as('due_total'),
      count(sql`error is not null`).as('failing_total'),
      eb.fn.max('sent_at').as('last_sent_at'),
      eb.fn.max('error').as('last_error'),
    ])
    .executeTakeFirstOrThrow()
  const { last_sent_at, last_error } = totals
  return {
    items_total,
    agent_feed: {
      url,
      sent_total: Number(totals.sent_total),
      due_total: Number(totals.due_total),
      failing_total: Number(totals.failing_total),
      last_sent_at,
      last_error,
    },
  }
}

/** Has everything compared with what the agent's feed has, now rather than at the next sweep. */
export async function pushFeed(process: ProcessContext, _: GetFeed): Promise<Pushed> {
  if (process.settings.agent_feed_url === undefined) throw feedErrors.not_configured()
  return { due_total: await markAllDue(process) }
}
