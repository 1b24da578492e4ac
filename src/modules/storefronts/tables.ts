import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

export const db = defineTables({
  /** What an entity is called on one face: one name a face and kind, and one entity a name. */
  external_ids: Type.Object({
    face: Type.String(),
    kind: Type.String(),
    public_id: Type.String(),
    entity_id: IdSchema('entity'),
    created_at: Instant,
  }),
  /** What a buyer means to pay for an order; its payment is made when it is confirmed. */
  payment_intents: Type.Object({
    id: IdSchema('payment_intent'),
    order_id: IdSchema('order'),
    /** What the caller calls who is to be paid; who really moves the money, the payment says. */
    provider: Type.String(),
    /** Part of the published shape. Nothing here takes it for a proof of anything. */
    client_secret: Type.String(),
    /** What the order cost when it was made. */
    amount: Amount,
    currency: Currency,
    gateway_reference: Nullable(Type.String()),
    /** The last word of the provider that is none of ours. */
    provider_status: Nullable(Type.String()),
    /** The payment that it became: the last one, where one was declined. */
    payment_id: Nullable(IdSchema('payment')),
    /** Of the event that was applied last: events have no number, so a repetition is told by it. */
    last_event_hash: Nullable(Type.String()),
    /** When money that had been taken was taken back, and the order was held for it. */
    reversed_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
})

export type ExternalIdRow = Static<typeof db.tables.external_ids>
export type IntentRow = Static<typeof db.tables.payment_intents>
