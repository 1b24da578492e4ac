import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'
import type { OrderRow } from './find.ts'

/** How far units of a line are, as their buyer may know it; the least far first. */
export const DELIVERY_STATES = [
  'backordered',
  'waiting',
  'packing',
  'shipped',
  'delivered',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

const State = Type.Enum([...DELIVERY_STATES], {
  description:
    '`backordered`: waits for stock; `waiting`: nobody has begun; `packing`: on a pick list, picked or packed.',
})
const Promised = Type.Union(Nullable(Instant).anyOf, {
  description: 'When the last units that wait for stock are expected; null where nobody knows.',
})

const DeliveryLine = Type.Object({
  order_line_id: IdSchema('order_line'),
  sku: Type.String(),
  name: Type.String(),
  quantity: Type.Integer({ description: 'Ordered and not cancelled.' }),
  state: Type.Union(Nullable(State).anyOf, {
    description: 'Of the units that are the least far; null if all were cancelled.',
  }),
  states: Type.Array(Type.Object({ state: State, quantity: Type.Integer({ minimum: 1 }) }), {
    description: 'How many units are how far; together all of the line.',
  }),
  waiting_quantity: Type.Integer({ description: 'Waits for stock.' }),
  preparing_quantity: Type.Integer({ description: 'There, and not sent yet.' }),
  packed_quantity: Type.Integer({ description: 'Of those, already packed.' }),
  sent_quantity: Type.Integer({ minimum: 0 }),
  delivered_quantity: Type.Integer({ minimum: 0, description: 'Of those sent, what arrived.' }),
  promised_at: Promised,
})
export type DeliveryLine = Static<typeof DeliveryLine>

const Sending = Type.Object({
  shipment_number: Type.String(),
  status: Type.String({ examples: ['In Transit'] }),
  carrier: Nullable(Type.String()),
  service_level: Nullable(Type.String()),
  shipped_at: Nullable(Instant),
  estimated_delivery: Nullable(Instant),
  delivered_at: Nullable(Instant),
  items: Type.Array(
    Type.Object({ order_line_id: IdSchema('order_line'), quantity: Type.Integer() }),
  ),
  parcels: Type.Array(
    Type.Object({
      tracking_number: Nullable(Type.String()),
      tracking_url: Nullable(Type.String()),
      status: Type.String(),
    }),
  ),
})
export type Sending = Static<typeof Sending>

/** Units, dates and parcels of an order: no locations, people or notes. */
export const Delivery = Type.Object({
  promised_at: Promised,
  items: Type.Array(DeliveryLine),
  shipments: Type.Array(Sending, { description: 'What has left, the first first.' }),
})
export type Delivery = Static<typeof Delivery>

/**
 * Work and parcels stand above orders, so an order that is shown asks for them through this port,
 * which `src/app.ts` connects: a fixed number of statements.
 */
export type OrderDeliveries = { deliveryOf(ctx: Context, order: OrderRow): Promise<Delivery> }
export const orderDeliveries = definePort<OrderDeliveries>('order deliveries')
