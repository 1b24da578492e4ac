import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { DIRECTIONS, type Direction, OUTCOMES, SYNC_KINDS, syncLifecycle } from './lifecycle.ts'
import { REF_KINDS, type RefRow, type SyncRow } from './tables.ts'

const { Optional } = Type
const DirectionInput = Type.Unsafe<Direction>(
  Type.Enum([...DIRECTIONS], {
    description: 'Which side is right; `bidirectional` is decided fact by fact.',
  }),
)
const WooId = Type.Integer({ minimum: 1, description: 'WooCommerce’s own id.' })

export const SyncProduct = Type.Object({
  product_id: Text(100, { description: 'The id or SKU of a product.' }),
  direction: Optional(DirectionInput),
  sync_inventory: Optional(Type.Boolean({ default: true })),
  sync_images: Optional(Type.Boolean({ default: true })),
  sync_metadata: Optional(Type.Boolean({ default: true })),
})
export type SyncProduct = Static<typeof SyncProduct>
export const ProductSynced = Type.Object({
  sync_id: IdSchema('woo_sync'),
  product_id: IdSchema('product'),
  woocommerce_product_id: WooId,
  outcome: Type.Enum([...OUTCOMES]),
  synced_fields: Type.Array(Type.String(), { description: 'As WooCommerce calls them.' }),
  synced_at: Instant,
})
export type ProductSynced = Static<typeof ProductSynced>

export const SyncInventory = Type.Object({
  variant_id: Text(100, {
    description: 'The id or SKU of a variant; a product’s means its first variant.',
  }),
  direction: Optional(DirectionInput),
  quantity: Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'Counted here first, so that so many can be promised; not `from_woocommerce`.',
    }),
  ),
})
export type SyncInventory = Static<typeof SyncInventory>
export const InventorySynced = Type.Object({
  sync_id: IdSchema('woo_sync'),
  product_id: IdSchema('product'),
  variant_id: IdSchema('variant'),
  woocommerce_product_id: WooId,
  woocommerce_variation_id: Nullable(WooId),
  platform_quantity: Type.Integer({ description: 'Units that can be promised here.' }),
  woocommerce_quantity: Type.Integer(),
  direction: Type.Enum([...DIRECTIONS]),
  outcome: Type.Enum([...OUTCOMES]),
  synced_at: Instant,
})
export type InventorySynced = Static<typeof InventorySynced>

export const SyncCategory = Type.Object({
  category_id: Text(100, { description: 'The id or slug of a category.' }),
  direction: Optional(DirectionInput),
})
export type SyncCategory = Static<typeof SyncCategory>
export const CategorySynced = Type.Object({
  sync_id: IdSchema('woo_sync'),
  category_id: IdSchema('category'),
  woocommerce_category_id: WooId,
  outcome: Type.Enum([...OUTCOMES]),
  synced_fields: Type.Array(Type.String()),
  synced_at: Instant,
})
export type CategorySynced = Static<typeof CategorySynced>

export const PushOrder = Type.Object({
  order_id: Text(64, { description: 'The id or number of an order.' }),
})
export type PushOrder = Static<typeof PushOrder>
export const OrderPushed = Type.Object({
  sync_id: IdSchema('woo_sync'),
  order_id: IdSchema('order'),
  order_number: Type.String({ examples: ['ORD-1000001'] }),
  woocommerce_order_id: WooId,
  woocommerce_order_number: Type.String(),
  status: Type.String({ description: 'WooCommerce’s word.', examples: ['processing'] }),
  total: Money,
  currency: Currency,
  order_url: Type.String(),
  created_at: Instant,
})
export type OrderPushed = Static<typeof OrderPushed>

export const Sync = Type.Object({
  id: IdSchema('woo_sync'),
  kind: Type.Enum([...SYNC_KINDS]),
  subject: Type.String({ description: 'Our id; of what is pulled, WooCommerce’s.' }),
  status: syncLifecycle.schema,
  attempts: Type.Integer(),
  due_at: Nullable(Instant),
  outcome: Nullable(Type.Enum([...OUTCOMES])),
  woocommerce_id: Nullable(Type.String()),
  synced_fields: Type.Array(Type.String()),
  note: Nullable(Type.String()),
  error: Nullable(Type.String({ description: 'Of the last try that failed.' })),
  created_at: Instant,
  finished_at: Nullable(Instant),
})
export type Sync = Static<typeof Sync>
export const Syncs = PageOf(Sync)
export const ListSyncs = Type.Object({
  ...pageQuery,
  status: Optional(syncLifecycle.schema),
  kind: Optional(Type.Enum([...SYNC_KINDS])),
  subject: Optional(Text(64)),
})
export type ListSyncs = Static<typeof ListSyncs>
export const GetSync = Type.Object({ id: IdSchema('woo_sync') })
export type GetSync = Static<typeof GetSync>

export const printSync = (row: SyncRow): Sync => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  status: row.status,
  attempts: row.attempts,
  due_at: row.status === 'waiting' ? row.due_at : null,
  outcome: row.outcome,
  woocommerce_id: row.external_id,
  synced_fields: row.fields,
  note: row.note,
  error: row.error,
  created_at: row.created_at,
  finished_at: row.finished_at,
})

export const Link = Type.Object({
  kind: Type.Enum([...REF_KINDS]),
  id: Type.String({
    description: 'Of the product, variant, category or order here.',
    format: 'uuid',
  }),
  woocommerce_id: Type.String(),
  woocommerce_parent_id: Nullable(Type.String()),
  woocommerce_modified_at: Nullable(Instant),
  synced_at: Instant,
})
export type Link = Static<typeof Link>
export const Links = Type.Object({ items: Type.Array(Link) })
export const FindLinks = Type.Object({
  id: Optional(Type.String({ format: 'uuid', description: 'Of what is here.' })),
  woocommerce_id: Optional(Text(40)),
})
export type FindLinks = Static<typeof FindLinks>

export const printLink = (row: RefRow): Link => ({
  kind: row.kind,
  id: row.entity_id,
  woocommerce_id: row.external_id,
  woocommerce_parent_id: row.parent_external_id,
  woocommerce_modified_at: row.remote_modified_at,
  synced_at: row.synced_at,
})

export const Status = Type.Object({
  configured: Type.Boolean(),
  url: Nullable(Type.String()),
  direction: Type.Enum([...DIRECTIONS]),
  webhooks_signed: Type.Boolean({ description: 'Whether webhooks can be checked, so are taken.' }),
  waiting: Type.Integer(),
  running: Type.Integer(),
  failed: Type.Integer(),
  products_linked: Type.Integer(),
  categories_linked: Type.Integer(),
  orders_linked: Type.Integer(),
  products_pulled_until: Nullable(Instant),
  orders_pulled_until: Nullable(Instant),
  last_webhook_at: Nullable(Instant),
})
export type Status = Static<typeof Status>
export const Pulled = Type.Object({
  found: Type.Integer({ description: 'What changed there and is looked at now.' }),
})
export type Pulled = Static<typeof Pulled>
