import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

/** A day in UTC, as `2026-11-21`. */
export const Day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', examples: ['2026-11-21'] })

export const db = defineTables({
  /** Software that acts for people. */
  agents: Type.Object({
    id: IdSchema('agent'),
    name: Type.String(),
    description: Nullable(Type.String()),
    /** The key it is known by; null while it has none. */
    api_key_id: Nullable(IdSchema('api_key')),
    /** Since when it may put nothing into carts. */
    paused_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What an agent may spend in one currency; without a row, nothing. */
  agent_limits: Type.Object({
    agent_id: IdSchema('agent'),
    currency: Currency,
    /** Null is no limit. */
    per_cart_amount: Nullable(Amount),
    per_day_amount: Nullable(Amount),
  }),
  /** What an agent put into carts; append-only. */
  agent_additions: Type.Object({
    id: IdSchema('agent_addition'),
    agent_id: IdSchema('agent'),
    cart_id: IdSchema('cart'),
    customer_id: IdSchema('customer'),
    variant_id: Nullable(IdSchema('variant')),
    quantity: Type.Integer(),
    currency: Currency,
    /** Units times the price of that moment. */
    amount: Amount,
    day: Day,
    created_at: Instant,
  }),
  /** What that comes to in a day. Counted by the statement that holds the limit. */
  agent_days: Type.Object({
    agent_id: IdSchema('agent'),
    currency: Currency,
    day: Day,
    amount: Amount,
  }),
  /** What that comes to in a cart. */
  agent_carts: Type.Object({
    agent_id: IdSchema('agent'),
    cart_id: IdSchema('cart'),
    currency: Currency,
    amount: Amount,
  }),
  /** What an agent buys in a session of a protocol; gone again if that did not come about. */
  agent_session_spendings: Type.Object({
    session_id: IdSchema('agent_session'),
    agent_id: IdSchema('agent'),
    currency: Currency,
    /** Units times their price, as for carts. */
    amount: Amount,
    day: Day,
    created_at: Instant,
  }),
  /** Orders whose products are counted below, once each. */
  demand_orders: Type.Object({
    order_id: IdSchema('order'),
    day: Day,
    product_ids: Json(Type.Array(IdSchema('product'))),
    product_count: Type.Integer(),
  }),
  /** In how many orders of a day a product stands. */
  product_demand_days: Type.Object({
    day: Day,
    product_id: IdSchema('product'),
    orders: Type.Integer(),
  }),
  /** The sum of its days that are kept: about 30. */
  product_demand: Type.Object({ product_id: IdSchema('product'), orders: Type.Integer() }),
  /** In how many orders two products stand together; a row for each direction. */
  product_pairs: Type.Object({
    product_id: IdSchema('product'),
    other_id: IdSchema('product'),
    orders: Type.Integer(),
  }),
})

export type AgentRow = Static<typeof db.tables.agents>
export type LimitRow = Static<typeof db.tables.agent_limits>
