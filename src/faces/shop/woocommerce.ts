import { type Static, Type } from 'typebox'
import { Text } from '#kit/schemas'
import { checkoutErrors, getHosted } from '#modules/checkout'
import { findOrder } from '#modules/orders'
import { wooErrors } from '#modules/woocommerce'
import type { App } from '#platform/app'
import { type Context, systemActor } from '#platform/context'
import { type Operation, process } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { operationOf } from '../names.ts'
import { tellFirstAddress } from './first-address.ts'
import { meantBy } from './names.ts'
import { shopOrderNumber } from './order-number.ts'
import type { Route } from './routes.ts'

const DIRECTIONS = ['to_woocommerce', 'from_woocommerce', 'bidirectional'] as const
const Name = Text(200)
const yes = Type.Optional(Type.Boolean())
const word = (most: number) => Type.Optional(Text(most))

const SyncProduct = Type.Object({
  product_id: Name,
  sync_inventory: yes,
  sync_images: yes,
  sync_metadata: yes,
})
const ProductSynced = Type.Object({
  success: Type.Literal(true),
  woocommerce_product_id: Type.Integer(),
  product_id: Type.String(),
  synced_fields: Type.Array(Type.String()),
  sync_timestamp: Type.String(),
})
const SyncInventory = Type.Object({
  product_id: Name,
  variant_id: Type.Optional(Name),
  quantity: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  sync_direction: Type.Optional(Type.Enum([...DIRECTIONS])),
})
const InventorySynced = Type.Object({
  success: Type.Literal(true),
  product_id: Type.String(),
  variant_id: Type.String(),
  platform_quantity: Type.Integer(),
  woocommerce_quantity: Type.Integer(),
  sync_direction: Type.Enum([...DIRECTIONS]),
  sync_timestamp: Type.String(),
})
const PushOrder = Type.Object({
  stripe_session_id: Text(255),
  cart_id: Type.Optional(Name),
  session_id: Type.Optional(Text(200)),
  customer: Type.Optional(
    Type.Object({
      email: word(254),
      first_name: word(100),
      last_name: word(100),
      phone: word(40),
    }),
  ),
  shipping: Type.Optional(
    Type.Object({
      address_1: Text(200),
      city: Text(100),
      state: Text(100),
      postcode: Text(20),
      country: Text(100),
    }),
  ),
})
const OrderPushed = Type.Object({
  success: Type.Literal(true),
  woocommerce_order_id: Type.Integer(),
  order_number: Type.String(),
  status: Type.String(),
  total: Type.String(),
  currency: Type.String(),
  order_url: Type.String(),
  created_at: Type.String(),
})

/** What the shop's interface asks of WooCommerce: thin, over the operations that do it. */
export function wooRoutes(app: App): Route[] {
  const synced = [wooErrors.not_configured, wooErrors.sync_failed]
  const operations = [
    process('shop.sync_product', {
      rest: 'POST /api/woocommerce/products/sync',
      permission: 'woocommerce:sync',
      summary: 'Send a product to WooCommerce',
      input: SyncProduct,
      output: ProductSynced,
      errors: synced,
      run: (ctx, input) => syncProduct(app, ctx, input),
    }),
    process('shop.sync_inventory', {
      rest: 'POST /api/woocommerce/inventory/sync',
      permission: 'woocommerce:sync',
      summary: 'Make the stock of both sides agree',
      input: SyncInventory,
      output: InventorySynced,
      errors: synced,
      run: (ctx, input) => syncInventory(app, ctx, input),
    }),
    process('shop.push_order', {
      rest: 'POST /api/woocommerce/orders',
      // Whoever may read the session may have its order there, too: it is theirs.
      permission: 'signed_in',
      summary: 'Make the order of a paid session in WooCommerce, once',
      input: PushOrder,
      output: OrderPushed,
      errors: [...synced, checkoutErrors.hosted_not_found, checkoutErrors.hosted_unpaid],
      run: (ctx, input) => pushOrder(app, ctx, input),
    }),
  ]
  return operations.map((operation) => ({
    method: 'POST',
    path: operation.rest.replace('POST /api', ''),
    category: 'sync',
    operation,
    print: (output: unknown) => output,
  }))
}

type Asks = { ctx: ProcessContext; input: object }

/**
 * Runs an operation of the house as a step of ours: what it concludes is no answer yet, because
 * this face prints another one.
 */
function runStep<O>(app: App, name: string, { ctx, input }: Asks): Promise<O> {
  const step: ProcessContext = {
    actor: ctx.actor,
    request_id: ctx.request_id,
    log: ctx.log,
    settings: ctx.settings,
    get key() {
      return ctx.key
    },
    expected_version: undefined,
    process: ctx.process,
    transaction: (body, isolation) => ctx.transaction(body, isolation),
    conclude: async (body, answer) => answer(await ctx.transaction(body, 'read committed')),
    read: (body) => ctx.read(body),
  }
  const operation: Operation = operationOf(app, name)
  const run = operation.run as unknown as (ctx: ProcessContext, input: unknown) => Promise<O>
  return run(step, operation.parse(input))
}

const meant = (ctx: ProcessContext, kind: 'product' | 'variant', name: string) =>
  ctx.read((tx) => meantBy(tx, kind, name))

async function syncProduct(
  app: App,
  ctx: ProcessContext,
  { product_id, ...which }: Static<typeof SyncProduct>,
): Promise<Static<typeof ProductSynced>> {
  const input = { ...which, product_id: await meant(ctx, 'product', product_id) }
  const done = await runStep<{
    woocommerce_product_id: number
    synced_fields: string[]
    synced_at: string
  }>(app, 'woocommerce.sync_product', { ctx, input })
  const { woocommerce_product_id, synced_fields, synced_at: sync_timestamp } = done
  return { success: true, woocommerce_product_id, product_id, synced_fields, sync_timestamp }
}

async function syncInventory(
  app: App,
  ctx: ProcessContext,
  input: Static<typeof SyncInventory>,
): Promise<Static<typeof InventorySynced>> {
  const { product_id, variant_id, quantity, sync_direction = 'to_woocommerce' } = input
  const what = variant_id
    ? await meant(ctx, 'variant', variant_id)
    : await meant(ctx, 'product', product_id)
  const asked = {
    variant_id: what,
    direction: sync_direction,
    ...(quantity !== undefined && sync_direction !== 'from_woocommerce' && { quantity }),
  }
  const done = await runStep<{
    platform_quantity: number
    woocommerce_quantity: number
    synced_at: string
  }>(app, 'woocommerce.sync_inventory', { ctx, input: asked })
  return {
    success: true,
    product_id,
    variant_id: variant_id ?? product_id,
    platform_quantity: done.platform_quantity,
    woocommerce_quantity: done.woocommerce_quantity,
    sync_direction,
    sync_timestamp: done.synced_at,
  }
}

async function pushOrder(
  app: App,
  ctx: ProcessContext,
  input: Static<typeof PushOrder>,
): Promise<Static<typeof OrderPushed>> {
  const { stripe_session_id: ref, session_id } = input
  const page = await getHosted(ctx, { ref, ...(session_id && { session_id }) })
  const { order_id } = page
  if (page.payment_status === 'unpaid' || !order_id) throw checkoutErrors.hosted_unpaid({ ref })
  const order = await ctx.read((tx) => findOrder(asHouse(tx), order_id))
  const { shipping, customer } = input
  if (!order.shipping_address && shipping) {
    const has_bill = order.billing_address !== null
    await tellFirstAddress(app, ctx, { order_id, has_bill, address: { ...shipping, ...customer } })
  }
  const pushed = await runStep<Omit<Static<typeof OrderPushed>, 'success'>>(
    app,
    'woocommerce.push_order',
    { ctx, input: { order_id } },
  )
  return {
    success: true,
    woocommerce_order_id: pushed.woocommerce_order_id,
    order_number: shopOrderNumber(pushed.order_number, order.placed_at),
    status: pushed.status,
    total: pushed.total,
    currency: pushed.currency,
    order_url: pushed.order_url,
    created_at: pushed.created_at,
  }
}

const asHouse = (ctx: Context): Context => ({ ...ctx, actor: systemActor })
