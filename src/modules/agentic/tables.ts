import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { agentSessionLifecycle } from './lifecycle.ts'
import type { AgentSession, PayerBrowser } from './schemas.ts'

/** What an agent told and is never told again. Payment tokens and risk signals are not kept. */
export type Told = {
  /** The protocol that it was begun with. */
  protocol: string
  interventions: readonly string[]
  extensions: readonly string[]
  order_notes: string | null
  /** Affiliate attribution at the beginning and at the end: first and last touch. */
  first_touch: object | null
  last_touch: object | null
  /** What the buyer agreed to, with the wording that they were shown and when. */
  consents: readonly { channel: string; opted_in: boolean; display_text: string; at: string }[]
  /** Why it was given up. */
  intent_trace: object | null
  /** Its order once it is placed, to be shown when it is paid. */
  order: { id: string; number: number; placed_at: string } | null
  /** The payer's, until it is known whether they must be authenticated. */
  browser: PayerBrowser | null
}

export const db = defineTables({
  agent_sessions: Type.Object({
    id: IdSchema('agent_session'),
    /** The actor that made it: nobody else sees it. */
    agent: Type.String(),
    status: agentSessionLifecycle.schema,
    currency: Currency,
    total_amount: Amount,
    /** All that is shown of it, as it was shown last: reading it asks nobody else. */
    document: Json(Type.Unsafe<AgentSession>(Type.Object({}))),
    told: Json(Type.Unsafe<Told>(Type.Object({}))),
    /** The customer of its order. */
    customer_id: Nullable(IdSchema('customer')),
    /** Its order, from when it is placed; null again after its payment failed. */
    order_id: Nullable(IdSchema('order')),
    /** Until when its units are promised; null while none are. */
    held_until: Nullable(Instant),
    expires_at: Instant,
    ended_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
})

export type SessionRow = Static<(typeof db.tables)['agent_sessions']>
