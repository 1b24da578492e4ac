import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { SyncKind } from '../lifecycle.ts'
import { refNamed } from '../refs.ts'
import { isWooConfigured } from '../store.ts'
import { askForSync } from '../syncs.ts'
import { db } from '../tables.ts'

export type News = {
  delivery_id: string
  topic: string
  external_id: string | null
  modified_at: string | null
}
type Kept = News & { effect: string; received_at: string }

const insertOnce = prepared(db, (open, p: Kept) =>
  open
    .insertInto('woo_webhooks')
    .values({
      delivery_id: p.delivery_id,
      topic: p.topic,
      external_id: p.external_id,
      modified_at: p.modified_at,
      effect: p.effect,
      received_at: p.received_at,
    })
    .onConflict((conflict) => conflict.column('delivery_id').doNothing()),
)

/** What is pulled for news of a topic; a deletion is seen by looking, too. */
const KINDS: Record<string, SyncKind> = {
  'product.created': 'pull_product',
  'product.updated': 'pull_product',
  'product.restored': 'pull_product',
  'order.created': 'pull_order',
  'order.updated': 'pull_order',
  'order.restored': 'pull_order',
}

/**
 * Keeps that a webhook came, once, and has what it speaks of looked at. It is a hint and no more:
 * what is true is read from WooCommerce, so news may come twice, late and in any order.
 */
export async function receive(ctx: Context, news: News): Promise<void> {
  const kind = isWooConfigured(ctx) ? KINDS[news.topic] : undefined
  const effect = await effectOf(ctx, news, kind)
  const { affected } = await insertOnce.run(ctx, { ...news, effect, received_at: ctx.now })
  if (affected === 0 || effect !== 'queued' || !kind || !news.external_id) return
  await askForSync(ctx, { kind, subject: news.external_id })
}

async function effectOf(ctx: Context, news: News, kind: SyncKind | undefined): Promise<string> {
  const { external_id, modified_at } = news
  if (!kind || !external_id) return 'ignored'
  const known = await refNamed(ctx, kind === 'pull_order' ? 'order' : 'product', external_id)
  const seen = known?.remote_modified_at
  // Of the same second something else may be new; of an earlier one nothing is.
  return seen && modified_at && modified_at < seen ? 'superseded' : 'queued'
}
