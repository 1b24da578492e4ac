import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { CONDITIONS, DISPOSITIONS, PAYERS, RESOLUTIONS, returnLifecycle } from './lifecycle.ts'
import { linksOfReturn } from './remedied.ts'
import { ReceivedLot } from './tables.ts'

const word = <T extends string>(words: readonly T[], more: object = {}) =>
  Type.Unsafe<T>({ ...Type.Enum([...words]), ...more })
const Units = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const LINES_MAX = 500

export const ReturnRef = Text(64, { description: "The return's id or its number (`RMA-1000001`)." })
export const GetReturn = Type.Object({ id: ReturnRef })
export type GetReturn = Static<typeof GetReturn>

const ReturnItem = Type.Object({
  id: IdSchema('return_line'),
  order_item_id: IdSchema('order_line'),
  product_id: IdSchema('product'),
  sku: Type.String(),
  product_name: Type.String(),
  quantity: Type.Integer({ description: 'Units that may come back.' }),
  received_quantity: Type.Integer(),
  over_received_quantity: Type.Integer({ description: 'Of these, how many beyond `quantity`.' }),
  restocked_quantity: Type.Integer(),
  quarantined_quantity: Type.Integer(),
  scrapped_quantity: Type.Integer(),
  sent_back_quantity: Type.Integer(),
  accepted_quantity: Type.Integer({ description: 'Inspected, and paid for.' }),
  refunded_quantity: Type.Integer({ description: 'Paid back, or on the way.' }),
  reason_code: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  condition: Nullable(word(CONDITIONS)),
  restocking_fee_rate: Type.String({ examples: ['0.1'], description: 'A share of what was paid.' }),
  restocking_fee_per_unit: Money,
})

export const Return = Type.Object({
  id: IdSchema('return'),
  rma_number: Type.String({ examples: ['RMA-1000001'] }),
  order_id: IdSchema('order'),
  customer_id: IdSchema('customer'),
  status: returnLifecycle.schema,
  status_reason: Nullable(Type.String()),
  reason: Type.String(),
  reason_code: Nullable(Type.String()),
  customer_notes: Nullable(Type.String()),
  preferred_resolution: word(RESOLUTIONS),
  override_reason: Nullable(Type.String()),
  items: Type.Array(ReturnItem),
  currency: Currency,
  refund_status: Type.Enum(['none', 'pending', 'partly_failed', 'failed', 'succeeded']),
  refund_amount: Type.Unsafe<string>({ ...Money, description: 'Paid back, or on the way.' }),
  fee_amount: Type.Unsafe<string>({ ...Money, description: 'Kept back of it.' }),
  label: Type.Object({
    paid_by: word(PAYERS),
    amount: Type.Unsafe<string>({ ...Money, description: 'What the label cost the shop.' }),
    url: Nullable(Type.String()),
    carrier: Nullable(Type.String()),
    tracking_number: Nullable(Type.String()),
  }),
  ...linksOfReturn,
  version: Type.Integer(),
  approved_at: Nullable(Instant),
  received_at: Nullable(Instant),
  closed_at: Nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
})
export type Return = Static<typeof Return>

export const ReasonText = LongText(500)
const WantedItem = Type.Object({
  order_item_id: Type.Optional(IdSchema('order_line')),
  item_id: Type.Optional(
    Type.Unsafe<string>({ ...IdSchema('order_line'), description: 'The same as `order_item_id`.' }),
  ),
  product_id: Type.Optional(Text(100, { description: 'A product, variant or SKU of the order.' })),
  sku: Type.Optional(Text(100)),
  quantity: Units,
  reason: Type.Optional(Nullable(LongText(500))),
  reason_code: Type.Optional(Nullable(Text(60))),
  condition: Type.Optional(
    Nullable(Text(20, { description: 'New, Used, Damaged or Defective, in any case.' })),
  ),
})
export type WantedItem = Static<typeof WantedItem>

export const CreateReturn = Type.Object({
  order_id: Text(64, { description: "The order's id or its number." }),
  reason: Type.String({
    minLength: 1,
    maxLength: 500,
    pattern:
      '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
    description: 'Why, in words; the code of a reason counts as that reason.',
  }),
  reason_code: Type.Optional(Nullable(Text(60))),
  customer_id: Type.Optional(IdSchema('customer')),
  items: Type.Optional(
    Type.Array(WantedItem, {
      minItems: 1,
      maxItems: LINES_MAX,
      description: 'Without it, all of the order that can come back.',
    }),
  ),
  customer_notes: Type.Optional(Nullable(LongText(2000))),
  preferred_resolution: Type.Optional(word(RESOLUTIONS, { default: 'refund' })),
  override_reason: Type.Optional(
    Nullable(
      LongText(500, { description: 'Staff only: why it passes although the policy says no.' }),
    ),
  ),
})
export type CreateReturn = Static<typeof CreateReturn>

export const UpdateReturn = Type.Object({
  id: ReturnRef,
  reason: Type.Optional(CreateReturn.properties.reason),
  reason_code: Type.Optional(Nullable(Text(60))),
  customer_notes: Type.Optional(Nullable(LongText(2000))),
  preferred_resolution: Type.Optional(word(RESOLUTIONS)),
  tracking_number: Type.Optional(Nullable(Text(100))),
  carrier: Type.Optional(Nullable(Text(60))),
  items: Type.Optional(
    Type.Array(Type.Object({ id: IdSchema('return_line'), quantity: Units }), {
      minItems: 1,
      maxItems: LINES_MAX,
      description: 'Other numbers of units, while it is requested.',
    }),
  ),
})
export type UpdateReturn = Static<typeof UpdateReturn>

export const MoveReturn = Type.Object({
  id: ReturnRef,
  reason: Type.Optional(Nullable(LongText(500))),
})
export type MoveReturn = Static<typeof MoveReturn>

const Location = Type.Optional(
  Text(100, { description: 'Id or code; else where goods came last, or the first location.' }),
)
const LineRef = Type.Optional(IdSchema('return_line'))
const Condition = Type.Optional(Nullable(word(CONDITIONS)))

export const ReceiveReturn = Type.Object({
  id: ReturnRef,
  location: Location,
  items: Type.Optional(
    Type.Array(
      Type.Object({
        id: LineRef,
        sku: Type.Optional(Text(100)),
        quantity: Units,
        condition: Condition,
        lots: Type.Optional(Type.Array(ReceivedLot, { maxItems: 500 })),
        serial_numbers: Type.Optional(
          Type.Array(Text(100), { maxItems: 1000, description: 'Of tracked units, one each.' }),
        ),
      }),
      { minItems: 1, maxItems: LINES_MAX, description: 'Without it, all that is awaited.' },
    ),
  ),
  over_receipt: Type.Optional(
    Type.Boolean({ description: 'Take more than was agreed, as far as the order has units.' }),
  ),
  final: Type.Optional(Type.Boolean({ description: 'What is still awaited will not come.' })),
  note: Type.Optional(Nullable(LongText(500))),
})
export type ReceiveReturn = Static<typeof ReceiveReturn>

export const InspectReturn = Type.Object({
  id: ReturnRef,
  items: Type.Array(
    Type.Object({
      id: LineRef,
      sku: Type.Optional(Text(100)),
      quantity: Units,
      disposition: word(DISPOSITIONS),
      location: Type.Optional(Text(100, { description: 'Where to put it; else where it lies.' })),
      state: Type.Optional(
        word(['sellable', 'damaged', 'expired'], {
          description: 'As what it is restocked.',
          default: 'sellable',
        }),
      ),
      accepted: Type.Optional(
        Type.Boolean({
          description: 'Whether these units are paid for; true but for what is sent back.',
        }),
      ),
      condition: Condition,
      note: Type.Optional(Nullable(LongText(500))),
    }),
    { minItems: 1, maxItems: LINES_MAX },
  ),
})
export type InspectReturn = Static<typeof InspectReturn>

export const RestockReturn = Type.Object({
  id: ReturnRef,
  location: Location,
  items: Type.Optional(
    Type.Array(Type.Object({ id: LineRef, sku: Type.Optional(Text(100)), quantity: Units }), {
      minItems: 1,
      maxItems: LINES_MAX,
      description: 'Without it, all of the return.',
    }),
  ),
})
export type RestockReturn = Static<typeof RestockReturn>
export const Restocked = Type.Object({
  return_id: IdSchema('return'),
  status: Type.Enum(['restocked']),
  return: Return,
})
export type Restocked = Static<typeof Restocked>

export const RefundReturn = Type.Object({
  id: ReturnRef,
  to: Type.Optional(
    Type.Enum(['original', 'store_credit'], {
      description: 'Else store credit if the customer preferred that, and the original payment.',
    }),
  ),
  fee_amount: Type.Optional(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description: 'Another fee than the policy says; 0 for none.',
    }),
  ),
  include_shipping: Type.Optional(
    Type.Boolean({ description: 'Also what was paid for shipping, once an order.' }),
  ),
  reason: Type.Optional(Nullable(LongText(500))),
})
export type RefundReturn = Static<typeof RefundReturn>

export const ProcessReturn = Type.Object({ ...RefundReturn.properties, location: Location })
export type ProcessReturn = Static<typeof ProcessReturn>

export const ReturnRefundPreview = Type.Object({
  return_id: IdSchema('return'),
  currency: Currency,
  amount: Money,
  items_amount: Money,
  shipping_amount: Money,
  restocking_fee_amount: Money,
  label_fee_amount: Money,
  fee_amount: Money,
  credit_amount: Money,
  items: Type.Array(
    Type.Object({
      id: IdSchema('return_line'),
      sku: Type.String(),
      quantity: Type.Integer(),
      amount: Money,
      fee_amount: Money,
    }),
  ),
})
export type ReturnRefundPreview = Static<typeof ReturnRefundPreview>

export const RefundedReturn = Type.Object({
  ...Return.properties,
  refund_id: Nullable(IdSchema('order_refund')),
})
export type RefundedReturn = Static<typeof RefundedReturn>

export const LabelReturn = Type.Object({
  id: ReturnRef,
  location: Type.Optional(Text(100, { description: 'Where it goes; else the first location.' })),
  carrier: Type.Optional(Text(60)),
  service: Type.Optional(Text(60)),
  tracking_number: Type.Optional(Text(100)),
  label_url: Type.Optional(
    Type.String({ maxLength: 2000, pattern: '^https?://[^\\s\\u0000-\\u001f]+$' }),
  ),
  amount: Type.Optional(
    Type.Unsafe<string | number>({ ...MoneyInput, description: 'What it cost the shop.' }),
  ),
  paid_by: Type.Optional(word(PAYERS)),
})
export type LabelReturn = Static<typeof LabelReturn>

export const ListReturns = Type.Object({
  ...pageQuery,
  status: Type.Optional(Text(20, { description: 'In any case.' })),
  order_id: Type.Optional(Text(64)),
  customer_id: Type.Optional(IdSchema('customer')),
  reason_code: Type.Optional(Text(60)),
  search: Type.Optional(Text(100, { description: 'An RMA number, with or without its letters.' })),
})
export type ListReturns = Static<typeof ListReturns>
export const Returns = PageOf(Return)
