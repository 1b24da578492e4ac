import { findCategory } from '#modules/catalogue'
import type { ProcessContext } from '#platform/processes'
import { wooErrors } from '../errors.ts'
import { syncNow } from '../perform.ts'
import type { CategorySynced, SyncCategory } from '../schemas.ts'
import { storeOf } from '../store.ts'

/**
 * Brings a category into step now. Throws `category_missing` where there is nothing to take from,
 * `sync_failed` where WooCommerce does not answer: then it is tried again by itself.
 */
export async function syncCategoryNow(
  ctx: ProcessContext,
  input: SyncCategory,
): Promise<CategorySynced> {
  storeOf(ctx)
  const category = await ctx.read((tx) => findCategory(tx, input.category_id))
  const direction = input.direction ?? 'to_woocommerce'
  const asked = { kind: 'category' as const, subject: category.id, options: { direction } }
  const sync = await syncNow(ctx, asked)
  if (sync.external_id === null) throw wooErrors.category_missing({ slug: category.slug })
  return {
    sync_id: sync.id,
    category_id: category.id,
    woocommerce_category_id: Number(sync.external_id),
    outcome: sync.outcome ?? 'skipped',
    synced_fields: sync.fields,
    synced_at: sync.finished_at ?? sync.created_at,
  }
}
