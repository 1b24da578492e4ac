import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

export const FACT_KINDS = ['event', 'adjustment'] as const

export const db = defineTables({
  /** Orders that agents brought, and what they were told of them. */
  agent_orders: Type.Object({
    order_id: IdSchema('order'),
    session_id: IdSchema('agent_session'),
    /** The protocol, and its version, in which the agent is told. */
    protocol: Type.String(),
    permalink_url: Type.String(),
    /** Times that the agent was told. */
    told_total: Type.Integer(),
    /** Of what was told last: nothing is told twice. */
    told_hash: Type.String(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What became of such orders, append-only: steps of parcels, and money that went back. */
  agent_order_facts: Type.Object({
    id: IdSchema('agent_order_fact'),
    order_id: IdSchema('order'),
    kind: Type.Unsafe<(typeof FACT_KINDS)[number]>(Type.Enum([...FACT_KINDS])),
    shipment_id: Nullable(IdSchema('shipment')),
    /** The protocol's word for what happened. */
    type: Type.String(),
    status: Nullable(Type.String()),
    amount: Nullable(Amount),
    currency: Nullable(Currency),
    description: Nullable(Type.String()),
    occurred_at: Instant,
  }),
})
export type AgentOrderRow = Static<typeof db.tables.agent_orders>
export type FactRow = Static<typeof db.tables.agent_order_facts>
