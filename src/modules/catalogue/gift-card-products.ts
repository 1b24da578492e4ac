import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

const giftCards = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('products')
    .select(['id', 'gift_card_valid_days'])
    .where('is_gift_card', '=', true)
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/**
 * Which of these products are gift cards, archived ones too, and for how many days a card of each
 * pays (null where the setting says). What a product is never changes. One statement.
 */
export async function giftCardProducts(
  ctx: Context,
  ids: readonly Id<'product'>[],
): Promise<ReadonlyMap<Id<'product'>, number | null>> {
  if (ids.length === 0) return new Map()
  const found = await giftCards(ctx, { ids: [...new Set(ids)] })
  return new Map(found.map((product) => [product.id, product.gift_card_valid_days]))
}
