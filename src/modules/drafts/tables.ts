import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { RecipientColumns } from '#modules/credit'
import { Address, type PlacedLine, type PlacedShipping } from '#modules/orders'
import type { Priced } from '#modules/pricing'
import { defineTables } from '#platform/tables'
import { draftLifecycle } from './lifecycle.ts'

/** A price reduction that staff grants: a share, or an amount in minor units. */
export const Reduction = Type.Object({
  label: Type.String(),
  rate_ppm: Nullable(Type.Integer()),
  amount: Nullable(Amount),
})
export type Reduction = Static<typeof Reduction>

/** How it is sent: by a method of the shop, or at a price of staff's own. */
export const ChosenShipping = Type.Object({
  /** The code of the shop's method; null for a price of staff's own. */
  method: Nullable(Type.String()),
  name: Nullable(Type.String()),
  amount: Nullable(Amount),
})
export type ChosenShipping = Static<typeof ChosenShipping>

/** What was offered, to the cent: what is placed is this and nothing else. */
export type Offer = {
  lines: readonly PlacedLine[]
  shipping: PlacedShipping | null
  needs_shipping: boolean
  prices_include_tax: boolean
  priced: Priced
}

export const db = defineTables({
  drafts: Type.Object({
    id: IdSchema('draft'),
    number: Type.Integer(),
    customer_id: IdSchema('customer'),
    status: draftLifecycle.schema,
    currency: Currency,
    email: Nullable(Type.String()),
    shipping_address: Nullable(Json(Address)),
    billing_address: Nullable(Json(Address)),
    shipping: Nullable(Json(ChosenShipping)),
    discount: Nullable(Json(Reduction)),
    /** Becomes the notes of the order; the buyer reads it. */
    note: Nullable(Type.String()),
    staff_note: Nullable(Type.String()),
    /** Whether it holds its units until it expires. */
    reserves: Type.Boolean(),
    expires_at: Nullable(Instant),
    /** What is offered; null unless it was sent. */
    offer: Nullable(Json(Type.Unsafe<Offer>(Type.Object({})))),
    /** Of the buyer's link; null unless it was sent. */
    token_hash: Nullable(Type.String()),
    sent_at: Nullable(Instant),
    order_id: Nullable(IdSchema('order')),
    placed_by: Nullable(Type.Enum(['staff', 'buyer'])),
    /** Until when the order that a buyer placed is waited for to be paid. */
    payable_until: Nullable(Instant),
    ended_at: Nullable(Instant),
    created_by: Type.String(),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  draft_lines: Type.Object({
    id: IdSchema('draft_line'),
    draft_id: IdSchema('draft'),
    position: Type.Integer(),
    variant_id: IdSchema('variant'),
    quantity: Type.Integer(),
    /** The price that staff has set; null for the catalogue's. */
    unit_amount: Nullable(Amount),
    discount: Nullable(Json(Reduction)),
    /** Of a gift card: who is mailed its code, if not the customer. */
    ...RecipientColumns,
  }),
})

export type DraftRow = Static<(typeof db.tables)['drafts']>
export type DraftLineRow = Static<(typeof db.tables)['draft_lines']>
