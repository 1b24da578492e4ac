import { hash } from 'node:crypto'
import type { Id } from '#kit/ids'
import { wholeProducts } from '#modules/catalogue'
import { failureText, instantIn, retryPauseMs } from '#platform/back-off'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { feedProduct } from './feed-product.ts'
import { VARIANTS_MAX } from './queries.ts'
import type { FeedProduct } from './schemas.ts'
import { FeedRefused, feedSender } from './sender.ts'
import { db, type FeedRow } from './tables.ts'

/** Products of one request. */
const BATCH = 100

const dueRows = prepared(db, (open, p: { now: string; limit: number }) =>
  open
    .selectFrom('feed_products')
    .selectAll()
    .where('due_at', '<=', p.now)
    .orderBy('due_at')
    .orderBy('product_id')
    .limit(p.limit),
)

/** What is to be done about one product: nothing to send where the feed has it as it is. */
type News = { row: FeedRow; send: FeedProduct | undefined; sent_hash: string | null }

/**
 * Sends what is due to the agent's feed, whole products at a time. What the feed has already is not
 * sent again; what is no longer sold is said to be discontinued. Answers how many were looked at;
 * 0 when nothing is due any more, or the feed cannot be reached now.
 */
export async function pushDue(process: ProcessContext): Promise<number> {
  const news = await process.read(findNews)
  if (news.length === 0) return 0
  const changed = news.filter(({ send }) => send !== undefined)
  try {
    await send(process, changed)
  } catch (error) {
    if (error instanceof FeedRefused && changed.length > 1) return pushEach(process, news)
    await process.transaction((ctx) => keepFailure(ctx, changed, error))
    await process.transaction((ctx) => keepSent(ctx, without(news, changed)))
    return 0
  }
  await process.transaction((ctx) => keepSent(ctx, news))
  return news.length
}

const without = (all: readonly News[], some: readonly News[]) =>
  all.filter((one) => !some.includes(one))

async function send(process: ProcessContext, news: readonly News[]): Promise<void> {
  const products = news.flatMap(({ send }) => send ?? [])
  if (products.length > 0) await feedSender.of(process).upsert(products)
}

/** One by one, so that a product that the feed refuses keeps back no other. */
async function pushEach(process: ProcessContext, news: readonly News[]): Promise<number> {
  for (const one of news) {
    try {
      await send(process, [one])
      await process.transaction((ctx) => keepSent(ctx, [one]))
    } catch (error) {
      await process.transaction((ctx) => keepFailure(ctx, [one], error))
      if (!(error instanceof FeedRefused)) return 0
    }
  }
  return news.length
}

async function findNews(ctx: Context): Promise<News[]> {
  const rows = await dueRows(ctx, { now: ctx.now, limit: BATCH })
  const ids = rows.map(({ product_id }) => product_id)
  const { products, covered } = await wholeProducts(ctx, { ids, variants_max: VARIANTS_MAX })
  const whole = new Map(products.map((product) => [product.id, product]))
  return rows.slice(0, covered).map((row) => {
    const product = whole.get(row.product_id)
    const known = row.feed_url === ctx.settings.agent_feed_url ? row : { ...row, sent_hash: null }
    return newsOf(known, product && feedProduct(product, ctx.settings))
  })
}

function newsOf(row: FeedRow, product: FeedProduct | undefined): News {
  if (!product) {
    const gone = row.sent_hash === null ? undefined : discontinued(row)
    return { row, send: gone, sent_hash: null }
  }
  const sent_hash = hash('sha256', JSON.stringify(product), 'base64url')
  if (sent_hash === row.sent_hash) return { row, send: undefined, sent_hash }
  const { variants } = product
  const now = new Set(variants.map(({ id }) => id))
  const before = row.sent_hash === null ? [] : (row.sent?.variants ?? [])
  const gone = before.filter(({ id }) => !now.has(id)).map(noLongerSold)
  return { row, send: { ...product, variants: [...variants, ...gone] }, sent_hash }
}

const noLongerSold = ({ id, title }: { id: string; title: string }) => ({
  id,
  title,
  availability: { available: false, status: 'discontinued' as const },
})

/** Nothing is ever deleted from a feed: it is said to be no longer sold. */
function discontinued({ product_id, sent }: FeedRow): FeedProduct {
  const { title = '', variants = [] } = sent ?? {}
  return { id: product_id, title, variants: variants.map(noLongerSold) }
}

const keep = prepared(
  db,
  (open, p: Pick<FeedRow, 'product_id' | 'sent_hash' | 'feed_url' | 'sent' | 'sent_at'>) =>
    open
      .updateTable('feed_products')
      .set({
        attempts: 0,
        error: null,
        sent_hash: p.sent_hash,
        feed_url: p.feed_url,
        sent: p.sent,
        sent_at: p.sent_at,
      })
      .where('product_id', '=', p.product_id),
)
// What became due again while it was sent stays due.
const settle = prepared(db, (open, p: { product_id: Id<'product'>; due_at: string }) =>
  open
    .updateTable('feed_products')
    .set({ due_at: null })
    .where('product_id', '=', p.product_id)
    .where('due_at', '=', p.due_at),
)

async function keepSent(ctx: Context, news: readonly News[]): Promise<void> {
  for (const { row, send, sent_hash } of news) {
    const { product_id } = row
    if (send) {
      const variants = send.variants.map(({ id, title }) => ({ id, title }))
      const sent = { title: send.title, variants }
      const feed_url = ctx.settings.agent_feed_url ?? null
      await keep.run(ctx, { product_id, sent_hash, feed_url, sent, sent_at: ctx.now })
    }
    await settle.run(ctx, { product_id, due_at: row.due_at ?? ctx.now })
  }
}

const fail = prepared(
  db,
  (open, p: { product_id: Id<'product'>; attempts: number; error: string; due_at: string }) =>
    open
      .updateTable('feed_products')
      .set({ attempts: p.attempts, error: p.error, due_at: p.due_at })
      .where('product_id', '=', p.product_id),
)

async function keepFailure(ctx: Context, news: readonly News[], error: unknown): Promise<void> {
  const reason = failureText(error)
  for (const { row } of news) {
    const attempts = row.attempts + 1
    const due_at = instantIn(() => new Date(ctx.now), retryPauseMs(attempts))
    await fail.run(ctx, { product_id: row.product_id, attempts, error: reason, due_at })
  }
  ctx.log.warn({ products: news.length, reason }, 'products did not reach the feed of the agent')
}
