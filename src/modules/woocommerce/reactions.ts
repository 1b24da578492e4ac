import type { TSchema } from 'typebox'
import { categoryEvents, productEvents, variantEvents, variantsOfItems } from '#modules/catalogue'
import { inventoryEvents } from '#modules/inventory'
import { orderEvents } from '#modules/orders'
import type { Context } from '#platform/context'
import type { EventType } from '#platform/events'
import { laterUnderLock, type Reaction } from '#platform/reactions'
import { BY_EVENT as ORDER_BY_EVENT } from './orders/push-order.ts'
import { BY_EVENT as PRODUCT_BY_EVENT } from './products/sync-product.ts'
import { namesWooShop } from './store.ts'
import { askForSync } from './syncs.ts'

/** A reaction that only houses with a WooCommerce shop have. */
const whenConfigured = <S extends TSchema>(
  event: EventType<S>,
  name: string,
  run: Parameters<typeof laterUnderLock<S>>[2],
): Reaction => ({
  ...laterUnderLock(event, `woocommerce.${name}`, run),
  wanted: namesWooShop,
})

const sendsOut = ({ settings }: Context) => settings.woocommerce_direction !== 'from_woocommerce'

const tellProduct = async (ctx: Context, { product_id }: { product_id: string }) => {
  if (!sendsOut(ctx)) return
  const asked = { kind: 'product' as const, subject: product_id, options: PRODUCT_BY_EVENT }
  await askForSync(ctx, asked)
}

const tellCategory = async (ctx: Context, { category_id }: { category_id: string }) => {
  if (sendsOut(ctx)) await askForSync(ctx, { kind: 'category', subject: category_id })
}

const tellStock = async (ctx: Context, { lines }: { lines: readonly { item_id: string }[] }) => {
  const items = [...new Set(lines.map(({ item_id }) => item_id))]
  for (const subject of await variantsOfItems(ctx, items)) {
    await askForSync(ctx, { kind: 'stock', subject })
  }
}

const tellStatus = async (ctx: Context, { order_id }: { order_id: string }) => {
  await askForSync(ctx, { kind: 'order_status', subject: order_id })
}

export const reactions: readonly Reaction[] = [
  whenConfigured(productEvents.created, 'tell_a_new_product', tellProduct),
  whenConfigured(productEvents.updated, 'tell_a_product', tellProduct),
  whenConfigured(productEvents.status_changed, 'tell_a_status', tellProduct),
  whenConfigured(productEvents.archived, 'tell_an_archived_product', tellProduct),
  whenConfigured(variantEvents.created, 'tell_a_new_variant', tellProduct),
  whenConfigured(variantEvents.updated, 'tell_a_variant', tellProduct),
  whenConfigured(variantEvents.price_changed, 'tell_a_price', tellProduct),
  whenConfigured(variantEvents.offers_changed, 'tell_an_offer', tellProduct),

  whenConfigured(categoryEvents.created, 'tell_a_new_category', tellCategory),
  whenConfigured(categoryEvents.updated, 'tell_a_category', tellCategory),
  whenConfigured(categoryEvents.moved, 'tell_a_moved_category', tellCategory),

  whenConfigured(inventoryEvents.posted, 'tell_posted_stock', tellStock),
  whenConfigured(inventoryEvents.reserved, 'tell_reserved_stock', tellStock),
  whenConfigured(inventoryEvents.released, 'tell_released_stock', tellStock),
  whenConfigured(inventoryEvents.backorder_allocated, 'tell_allocated_stock', tellStock),

  whenConfigured(orderEvents.payment_status_changed, 'send_a_paid_order', async (ctx, told) => {
    const { order_id, new_status } = told
    if (new_status === 'paid' && ctx.settings.woocommerce_push_orders) {
      await askForSync(ctx, { kind: 'order', subject: order_id, options: ORDER_BY_EVENT })
    }
    await tellStatus(ctx, told)
  }),
  whenConfigured(orderEvents.status_changed, 'tell_an_orders_state', tellStatus),
]
