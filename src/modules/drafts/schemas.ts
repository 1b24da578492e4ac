import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { GiftCardRecipient, RecipientInput } from '#modules/credit'
import { Address, CustomInput } from '#modules/orders'
import { draftLifecycle } from './lifecycle.ts'

export const LINES_MAX = 500

const Percent = Type.String({
  pattern: '^(100(\\.0{1,4})?|\\d{1,2}(\\.\\d{1,4})?)$',
  description: 'Of what it is taken off, up to 100.',
  examples: ['10'],
})
const ReductionInput = Type.Object(
  {
    label: Type.Optional(Text(100)),
    percent: Type.Optional(Percent),
    amount: Type.Optional(MoneyInput),
  },
  { description: 'Either `percent` or `amount`.' },
)
export type ReductionInput = Static<typeof ReductionInput>
const LineInput = Type.Object({
  product_id: Type.Optional(
    Text(100, { description: "A variant's or product's id, or a SKU in any case." }),
  ),
  custom: Type.Optional(CustomInput),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  unit_price: Type.Optional(
    Nullable({ ...MoneyInput, description: "A price of your own in place of the catalogue's." }),
  ),
  discount: Type.Optional(Nullable(ReductionInput)),
  gift_card_recipient: Type.Optional(Nullable(RecipientInput)),
})
export type LineInput = Static<typeof LineInput>
const ShippingInput = Type.Object({
  method: Type.Optional(Text(100, { description: 'The code or id of a shipping method.' })),
  name: Type.Optional(Text(100)),
  price: Type.Optional(MoneyInput),
})
export type ShippingInput = Static<typeof ShippingInput>

const said = {
  lines: Type.Array(LineInput, { minItems: 1, maxItems: LINES_MAX }),
  shipping: Nullable({
    ...ShippingInput,
    description: "A method of the shop, or a name and a price of your own; null: it isn't sent.",
  }),
  discount: Nullable(ReductionInput),
  shipping_address: Nullable(Address),
  billing_address: Nullable(Address),
  email: Nullable(
    Type.String({ maxLength: 254, pattern: '^[^\\s@\\u0000-\\u001f]+@[^\\s@\\u0000-\\u001f]+$' }),
  ),
  note: Nullable(LongText(2_000, { description: 'The buyer reads it; becomes the order notes.' })),
  staff_note: Nullable(LongText(2_000)),
  expires_at: Nullable(InstantInput),
  reserve_stock: Type.Boolean({ description: 'Its units are held until it expires.' }),
}
const optional = Type.Partial(Type.Object(said)).properties

export const CreateDraft = Type.Object({
  ...optional,
  lines: said.lines,
  customer_id: IdSchema('customer'),
  currency: Type.Optional(CurrencyInput),
})
export type CreateDraft = Static<typeof CreateDraft>

export const DraftRef = Text(64, { description: "The draft's id or its number (`DRAFT-1001`)." })
export const UpdateDraft = Type.Object({ id: DraftRef, ...optional })
export type UpdateDraft = Static<typeof UpdateDraft>
export const GetDraft = Type.Object({ id: DraftRef })
export type GetDraft = Static<typeof GetDraft>

const Reduced = Type.Object({
  label: Type.String(),
  percent: Nullable(Type.String()),
  amount: Nullable(Money),
})
const Line = Type.Object({
  id: IdSchema('draft_line'),
  product_id: IdSchema('variant'),
  is_custom: Type.Boolean({ description: 'It stands in no catalogue.' }),
  sku: Type.String(),
  product_name: Type.String(),
  quantity: Type.Integer(),
  unit_price: Money,
  is_custom_price: Type.Boolean(),
  discount: Nullable(Reduced),
  gift_card_recipient: Nullable(GiftCardRecipient),
  total_price: Type.Unsafe<string>({ ...Money, description: 'Units × price, before discounts.' }),
  discount_amount: Money,
  tax_amount: Money,
  gross_price: Money,
})
const totals = {
  lines: Type.Array(Line),
  shipping: Nullable(
    Type.Object({ method: Type.String(), name: Type.String(), amount: Money, gross_amount: Money }),
  ),
  subtotal: Money,
  discount_total: Money,
  shipping_total: Money,
  tax_total: Money,
  total_amount: Money,
  currency: Currency,
  prices_include_tax: Type.Boolean(),
}

/** A draft with what it comes to: to the cent what its order will cost. */
export const Draft = Type.Object({
  id: IdSchema('draft'),
  draft_number: Type.String({ examples: ['DRAFT-1001'] }),
  customer_id: IdSchema('customer'),
  status: draftLifecycle.schema,
  ...totals,
  discount: Nullable(Reduced),
  problems: Type.Array(Type.String(), {
    description: 'Why it cannot be offered or placed yet; its totals leave out what they name.',
  }),
  shipping_address: Nullable(Address),
  billing_address: Nullable(Address),
  email: Nullable(Type.String()),
  note: Nullable(Type.String()),
  staff_note: Nullable(Type.String()),
  reserve_stock: Type.Boolean(),
  expires_at: Nullable(Instant),
  sent_at: Nullable(Instant),
  order_id: Nullable(IdSchema('order')),
  placed_by: Nullable(Type.Enum(['staff', 'buyer'])),
  created_by: Type.String(),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Draft = Static<typeof Draft>

/** A draft in a list, which prices nothing. */
export const DraftEntry = Type.Pick(Draft, [
  'id',
  'draft_number',
  'customer_id',
  'status',
  'currency',
  'email',
  'expires_at',
  'sent_at',
  'order_id',
  'placed_by',
  'created_by',
  'version',
  'created_at',
  'updated_at',
])
export type DraftEntry = Static<typeof DraftEntry>
export const ListDrafts = Type.Object({
  ...pageQuery,
  status: Type.Optional(draftLifecycle.schema),
  customer_id: Type.Optional(IdSchema('customer')),
})
export type ListDrafts = Static<typeof ListDrafts>
export const Drafts = PageOf(DraftEntry)

export const SentDraft = Type.Object({
  draft: Draft,
  token: Type.String({
    description: 'What the buyer shows to see and pay the offer. It is told this once.',
  }),
})
export type SentDraft = Static<typeof SentDraft>

const expected_total = Type.Optional(
  Type.Unsafe<string | number>({
    ...MoneyInput,
    description: 'Refused (409) if it comes to something else.',
  }),
)
export const CompleteDraft = Type.Object({
  id: DraftRef,
  payment: Type.Enum(['pending', 'paid'], {
    description: '`pending`: it is paid later. `paid`: staff has the money.',
  }),
  payment_method: Type.Optional(Type.Enum(['cash', 'check', 'bank_transfer'], { default: 'cash' })),
  expected_total,
})
export type CompleteDraft = Static<typeof CompleteDraft>

const token = Type.String({ pattern: '^[\\w-]{20,100}$' })
export const SeeOffer = Type.Object({ token })
export type SeeOffer = Static<typeof SeeOffer>
export const OfferOf = Type.Object({
  draft_number: Type.String(),
  ...totals,
  shipping_address: Nullable(Address),
  note: Nullable(Type.String()),
  expires_at: Nullable(Instant),
  order_number: Nullable(Type.String({ description: 'Once its order is placed.' })),
})
export type OfferOf = Static<typeof OfferOf>

export const PayOffer = Type.Object({
  token,
  payment_method: Type.Enum(['credit_card', 'debit_card', 'paypal']),
  payment_token: Text(255, { description: "The provider's token; never a card number." }),
})
export type PayOffer = Static<typeof PayOffer>
export const PlacedDraft = Type.Object({
  draft_id: IdSchema('draft'),
  order_id: IdSchema('order'),
  order_number: Type.String(),
  total_amount: Money,
  currency: Currency,
  payment: Nullable(
    Type.Object({
      id: IdSchema('payment'),
      status: Type.String(),
      next_action: Nullable(Type.Object({ type: Type.String(), url: Type.String() })),
    }),
  ),
})
export type PlacedDraft = Static<typeof PlacedDraft>
export const DuplicateOrder = Type.Object({ id: Text(64) })
export type DuplicateOrder = Static<typeof DuplicateOrder>
