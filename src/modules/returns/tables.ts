import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import {
  CONDITIONS,
  DISPOSITIONS,
  NOTE_TYPES,
  PAYERS,
  RESOLUTIONS,
  returnLifecycle,
} from './lifecycle.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))
const Quantity = Type.Integer({ minimum: 0 })

/** Units of a lot, in a bin, with their serial numbers, as the stock ledger takes them. */
export const ReceivedLot = Type.Object({
  lot_id: Type.Optional(IdSchema('lot')),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  bin_id: Type.Optional(IdSchema('bin')),
  serial_numbers: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 1000 }),
  ),
})

export const db = defineTables({
  returns: Type.Object({
    id: IdSchema('return'),
    number: Type.Integer(),
    order_id: IdSchema('order'),
    customer_id: IdSchema('customer'),
    currency: Currency,
    status: returnLifecycle.schema,
    /** In the words of who asked. */
    reason: Type.String(),
    reason_id: Nullable(IdSchema('return_reason')),
    customer_notes: Nullable(Type.String()),
    preferred_resolution: word(RESOLUTIONS),
    /** Why staff let it pass although the policy says no. */
    override_reason: Nullable(Type.String()),
    label_paid_by: word(PAYERS),
    /** What the label cost the shop. */
    label_amount: Amount,
    label_url: Nullable(Type.String()),
    carrier: Nullable(Type.String()),
    tracking_number: Nullable(Type.String()),
    shipment_id: Nullable(IdSchema('shipment')),
    /** The exchange or the claim that it brings the goods of. */
    exchange_id: Nullable(IdSchema('exchange')),
    claim_id: Nullable(IdSchema('claim')),
    /** Why it was rejected or cancelled. */
    status_reason: Nullable(Type.String()),
    version: Type.Integer(),
    requested_by: Type.String(),
    approved_at: Nullable(Instant),
    received_at: Nullable(Instant),
    closed_at: Nullable(Instant),
    deleted_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** Units of one line of the order, with the terms under which they come back. */
  return_lines: Type.Object({
    id: IdSchema('return_line'),
    return_id: IdSchema('return'),
    position: Type.Integer(),
    order_line_id: IdSchema('order_line'),
    product_id: IdSchema('product'),
    item_id: Nullable(IdSchema('item')),
    sku: Type.String(),
    name: Type.String(),
    /** Units that may come. */
    quantity: Quantity,
    /** Units of the order line that no other return or claim may have. */
    held_quantity: Quantity,
    received_quantity: Quantity,
    /** Received beyond `quantity`, because somebody said so. */
    over_quantity: Quantity,
    restocked_quantity: Quantity,
    quarantined_quantity: Quantity,
    scrapped_quantity: Quantity,
    sent_back_quantity: Quantity,
    /** Inspected units that are paid for. */
    accepted_quantity: Quantity,
    reason_id: Nullable(IdSchema('return_reason')),
    reason: Nullable(Type.String()),
    reported_condition: Nullable(word(CONDITIONS)),
    /** The restocking fee: a share of what was paid, in parts per million, and so much a unit. */
    fee_ppm: Type.Integer(),
    fee_unit_amount: Amount,
    created_at: Instant,
  }),
  /** What arrived at once. */
  return_receipts: Type.Object({
    id: IdSchema('return_receipt'),
    return_id: IdSchema('return'),
    location_id: IdSchema('location'),
    note: Nullable(Type.String()),
    received_by: Type.String(),
    received_at: Instant,
  }),
  return_receipt_lines: Type.Object({
    receipt_id: IdSchema('return_receipt'),
    return_line_id: IdSchema('return_line'),
    quantity: Quantity,
    /** Not looked at yet. */
    waiting_quantity: Quantity,
    condition: Nullable(word(CONDITIONS)),
    lots: Nullable(Json(Type.Array(ReceivedLot))),
  }),
  /** What became of units after a look at them; append-only. */
  return_dispositions: Type.Object({
    id: IdSchema('return_disposition'),
    return_id: IdSchema('return'),
    return_line_id: IdSchema('return_line'),
    receipt_id: IdSchema('return_receipt'),
    disposition: word(DISPOSITIONS),
    quantity: Quantity,
    accepted_quantity: Quantity,
    /** Where the units are now, and as what; null where they have gone. */
    location_id: Nullable(IdSchema('location')),
    state: Nullable(Type.String()),
    condition: Nullable(word(CONDITIONS)),
    note: Nullable(Type.String()),
    inspected_by: Type.String(),
    inspected_at: Instant,
  }),
  /** What of a refund of the order was kept back, and how the refund stands. */
  return_refunds: Type.Object({
    order_refund_id: IdSchema('order_refund'),
    return_id: IdSchema('return'),
    status: Type.String(),
    amount: Amount,
    restocking_fee_amount: Amount,
    label_fee_amount: Amount,
    created_at: Instant,
  }),
  return_refund_lines: Type.Object({
    order_refund_id: IdSchema('order_refund'),
    return_line_id: IdSchema('return_line'),
    quantity: Quantity,
    /** The frozen share of these units. */
    amount: Amount,
    fee_amount: Amount,
  }),
  return_notes: Type.Object({
    id: IdSchema('return_note'),
    return_id: IdSchema('return'),
    note_type: word(NOTE_TYPES),
    content: Type.String(),
    is_visible_to_customer: Type.Boolean(),
    created_by: Type.String(),
    created_at: Instant,
  }),
  /** When an order arrived: from then on the window for returns runs. */
  order_deliveries: Type.Object({
    order_id: IdSchema('order'),
    delivered_at: Instant,
  }),
})

export type ReturnRow = Static<typeof db.tables.returns>
export type LineRow = Static<typeof db.tables.return_lines>
export type ReceiptRow = Static<typeof db.tables.return_receipts>
export type ReceiptLineRow = Static<typeof db.tables.return_receipt_lines>
export type DispositionRow = Static<typeof db.tables.return_dispositions>
export type ReturnRefundRow = Static<typeof db.tables.return_refunds>
export type ReturnRefundLineRow = Static<typeof db.tables.return_refund_lines>
export type NoteRow = Static<typeof db.tables.return_notes>
