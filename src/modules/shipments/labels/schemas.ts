import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, formatMoney, Money } from '#kit/money'
import { Instant, InstantInput, Nullable, Text } from '#kit/schemas'
import { ShipmentRef } from '../schemas.ts'
import { labelLifecycle } from './lifecycle.ts'
import { type LabelRow, type RateRow, STRATEGIES } from './tables.ts'

const { Optional } = Type

export const Rate = Type.Object({
  id: IdSchema('shipment_rate'),
  batch_id: Type.Unsafe<RateRow['batch_id']>({
    ...IdSchema('rate_batch'),
    description: 'Offers of one question.',
  }),
  carrier: Type.String({ description: 'Who sells the label: `table` or `easypost`.' }),
  carrier_name: Type.String({ description: 'Who carries the parcels.' }),
  service: Type.String(),
  service_name: Type.String(),
  amount: Money,
  currency: Currency,
  delivery_days: Nullable(Type.Integer()),
  delivery_at: Nullable(Instant),
  quoted_at: Instant,
  chosen_at: Nullable(Instant),
  chosen_by: Nullable(Type.Enum([...STRATEGIES])),
  deliver_by: Nullable(Instant),
})
export type Rate = Static<typeof Rate>

const rate_id = Nullable(IdSchema('shipment_rate'))
export const Rates = Type.Object({
  rates: Type.Array(Rate, { description: 'The cheapest first.' }),
  cheapest: rate_id,
  fastest: rate_id,
  promise: Type.Unsafe<RateRow['id'] | null>({
    ...rate_id,
    description: 'The cheapest that arrives by `deliver_by`; null if none does.',
  }),
  problems: Type.Array(Type.String(), { description: 'Why carriers offer nothing.' }),
})
export type Rates = Static<typeof Rates>

const CarrierName = Text(60, {
  description: 'A seller (`table`, `easypost`) or a carrier (`UPS`).',
})
const wish = {
  carrier: Optional(CarrierName),
  service: Optional(Text(100)),
  deliver_by: Optional(InstantInput),
}
export const AskRates = Type.Object({ id: ShipmentRef, ...wish })
export type AskRates = Static<typeof AskRates>

export const BuyLabels = Type.Object({
  id: ShipmentRef,
  rate_id: Optional(
    Type.Unsafe<RateRow['id']>({
      ...IdSchema('shipment_rate'),
      description: 'An offer of the last day; else carriers are asked now.',
    }),
  ),
  strategy: Optional(
    Type.Enum(['cheapest', 'fastest', 'promise'], {
      default: 'cheapest',
      description: 'Which offer is taken where none is named. `promise` needs `deliver_by`.',
    }),
  ),
  ...wish,
})
export type BuyLabels = Static<typeof BuyLabels>

export const Label = Type.Object({
  id: IdSchema('label'),
  shipment_id: Nullable(IdSchema('shipment')),
  parcel_id: Nullable(IdSchema('parcel')),
  state: labelLifecycle.schema,
  carrier: Type.String(),
  carrier_name: Type.String(),
  service: Type.String(),
  tracking_number: Nullable(Type.String()),
  tracking_url: Nullable(Type.String()),
  amount: Money,
  cost: Nullable(Money),
  currency: Currency,
  refund_status: Nullable(Type.String()),
  estimated_delivery: Nullable(Instant),
  label_url: Nullable(Type.String({ description: 'Where it can be printed from.' })),
  manifest_id: Nullable(IdSchema('manifest')),
  failure_code: Nullable(Type.String()),
  failure_message: Nullable(Type.String()),
  created_at: Instant,
  voided_at: Nullable(Instant),
})
export type Label = Static<typeof Label>

export const BoughtLabels = Type.Object({
  labels: Type.Array(Label),
  rate: Nullable(Rate),
  in_time: Type.Boolean({ description: 'False if no offer arrives by `deliver_by`.' }),
})
export type BoughtLabels = Static<typeof BoughtLabels>
export const Labels = Type.Object({ items: Type.Array(Label) })
export const GetLabel = Type.Object({ id: IdSchema('label') })
export type GetLabel = Static<typeof GetLabel>
export const Paper = Type.Object({
  file_name: Type.String(),
  media_type: Type.String(),
  content: Type.String({ description: 'Base64.' }),
})
export type Paper = Static<typeof Paper>

/** A rate as it is answered. */
export const rateOf = ({ quotes: _, shipment_id: __, ...row }: RateRow): Rate => ({
  ...row,
  amount: formatMoney(row.amount, row.currency),
})

/** Where a label can be printed from. */
export const labelPath = (id: LabelRow['id']): string => `/api/v1/labels/${id}.pdf`

/** A label as it is answered. */
export const labelOf = (row: LabelRow): Label => ({
  id: row.id,
  shipment_id: row.shipment_id,
  parcel_id: row.parcel_id,
  state: row.state,
  carrier: row.carrier,
  carrier_name: row.carrier_name,
  service: row.service,
  tracking_number: row.tracking_number,
  tracking_url: row.tracking_url,
  amount: formatMoney(row.amount, row.currency),
  cost: row.cost_amount === null ? null : formatMoney(row.cost_amount, row.currency),
  currency: row.currency,
  refund_status: row.refund_status,
  estimated_delivery: row.estimated_delivery_at,
  label_url: row.document_id ? labelPath(row.id) : row.paper_url,
  manifest_id: row.manifest_id,
  failure_code: row.failure_code,
  failure_message: row.failure_message,
  created_at: row.created_at,
  voided_at: row.voided_at,
})
