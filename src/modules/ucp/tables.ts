import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

export const db = defineTables({
  /** By which platform a checkout was begun. */
  ucp_checkouts: Type.Object({
    session_id: IdSchema('agent_session'),
    /** The actor that asked. */
    agent: Type.String(),
    version: Type.String(),
    profile_url: Type.String(),
    /** Where it wants to hear of the order; null: nowhere. */
    webhook_url: Nullable(Type.String()),
    created_at: Instant,
  }),
})

export type UcpCheckoutRow = Static<typeof db.tables.ucp_checkouts>
