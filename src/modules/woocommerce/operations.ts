import { Type } from 'typebox'
import { catalogueErrors } from '#modules/catalogue'
import { orderErrors } from '#modules/orders'
import { command, process, query } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { pushOrderNow } from './commands/push-order-now.ts'
import { retrySync } from './commands/retry-sync.ts'
import { syncCategoryNow } from './commands/sync-category-now.ts'
import { syncInventoryNow } from './commands/sync-inventory-now.ts'
import { syncProductNow } from './commands/sync-product-now.ts'
import { wooErrors as errors } from './errors.ts'
import { syncLifecycle } from './lifecycle.ts'
import { pullChanges } from './pull.ts'
import { findLinks, getSync, listSyncs, wooStatus } from './queries.ts'
import * as of from './schemas.ts'
import { storeOf } from './store.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const asking = [errors.not_configured, errors.sync_running, errors.sync_failed]

async function pullNow(ctx: ProcessContext): Promise<of.Pulled> {
  storeOf(ctx)
  return { found: await pullChanges(ctx) }
}

export const operations = [
  process('woocommerce.sync_product', {
    rest: 'POST /api/v1/woocommerce/product-syncs',
    permission: 'woocommerce:sync',
    summary: 'Bring a product into step with WooCommerce now',
    description:
      'Found there by the id that is known, else by SKU; made there if it is missing. To WooCommerce unless `direction` says otherwise. If WooCommerce does not answer, it is tried again by itself.',
    input: of.SyncProduct,
    output: of.ProductSynced,
    errors: [...asking, errors.not_in_woocommerce, catalogueErrors.product_not_found],
    example: { product_id: 'MUG', sync_inventory: true, sync_images: false },
    run: syncProductNow,
  }),
  process('woocommerce.sync_inventory', {
    rest: 'POST /api/v1/woocommerce/inventory-syncs',
    permission: 'woocommerce:sync',
    summary: 'Bring the stock of a variant into step with WooCommerce now',
    description: 'Always the absolute number of units that can be promised, never a difference.',
    input: of.SyncInventory,
    output: of.InventorySynced,
    errors: [
      ...asking,
      errors.no_stock_kept,
      errors.not_in_woocommerce,
      catalogueErrors.product_not_found,
    ],
    example: { variant_id: 'MUG-BLUE', direction: 'to_woocommerce' },
    run: syncInventoryNow,
  }),
  process('woocommerce.sync_category', {
    rest: 'POST /api/v1/woocommerce/category-syncs',
    permission: 'woocommerce:sync',
    summary: 'Bring a category into step with WooCommerce now',
    description:
      'Found there by the id that is known, else by slug, else by its name within its parent; made there if it is missing, after those above it.',
    input: of.SyncCategory,
    output: of.CategorySynced,
    errors: [...asking, errors.category_missing, catalogueErrors.category_not_found],
    example: { category_id: 'kitchen' },
    run: syncCategoryNow,
  }),
  process('woocommerce.push_order', {
    rest: 'POST /api/v1/woocommerce/order-pushes',
    permission: 'woocommerce:sync',
    summary: 'Send a paid order to WooCommerce now',
    description:
      'Once for good: whoever asks again, after whatever crash, is answered the order that it is there.',
    input: of.PushOrder,
    output: of.OrderPushed,
    errors: [...asking, errors.order_unpaid, orderErrors.not_found],
    example: { order_id: 'ORD-1000001' },
    run: pushOrderNow,
  }),
  process('woocommerce.pull', {
    rest: 'POST /api/v1/woocommerce/pull',
    permission: 'woocommerce:sync',
    summary: 'Ask WooCommerce now what has changed',
    description: 'What a schedule does by itself, from where the last pull ended.',
    input: Type.Object({}),
    output: of.Pulled,
    errors: [errors.not_configured],
    example: {},
    run: pullNow,
  }),
  query('woocommerce.get_status', {
    rest: 'GET /api/v1/woocommerce',
    permission: 'woocommerce:read',
    summary: 'Read how this shop stands to WooCommerce',
    input: Type.Object({}),
    output: of.Status,
    example: {},
    run: wooStatus,
  }),
  query('woocommerce.list_syncs', {
    rest: 'GET /api/v1/woocommerce/syncs',
    permission: 'woocommerce:read',
    summary: 'Read the sync log, newest first',
    input: of.ListSyncs,
    output: of.Syncs,
    example: { status: 'failed' },
    run: listSyncs,
  }),
  query('woocommerce.get_sync', {
    rest: 'GET /api/v1/woocommerce/syncs/:id',
    permission: 'woocommerce:read',
    summary: 'Read a sync',
    input: of.GetSync,
    output: of.Sync,
    errors: [errors.sync_not_found],
    example: { id: EXAMPLE_ID },
    run: getSync,
  }),
  command('woocommerce.retry_sync', {
    rest: 'POST /api/v1/woocommerce/syncs/:id/retry',
    permission: 'woocommerce:sync',
    summary: 'Try a sync again that was given up',
    input: of.GetSync,
    output: of.Sync,
    errors: [errors.sync_not_found, errors.not_configured, ...syncLifecycle.refusals('retry')],
    example: { id: EXAMPLE_ID },
    run: retrySync,
  }),
  query('woocommerce.find_links', {
    rest: 'GET /api/v1/woocommerce/links',
    permission: 'woocommerce:read',
    summary: 'Find what something is called on the other side',
    input: of.FindLinks,
    output: of.Links,
    example: { woocommerce_id: '794' },
    run: findLinks,
  }),
]
