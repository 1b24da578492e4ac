import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
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
  /** A customer's permission that a platform acts for them, until one of them ends it. */
  ucp_links: Type.Object({
    id: IdSchema('ucp_link'),
    /** The address of the document in which the platform says who it is. */
    client_id: Type.String(),
    client_name: Type.String(),
    user_id: IdSchema('user'),
    customer_id: IdSchema('customer'),
    scopes: Json(Type.Array(Type.String())),
    /** Tokens are kept as hashes: nobody who reads this can act. */
    access_hash: Type.String(),
    access_expires_at: Instant,
    refresh_hash: Type.String(),
    /** The one before: who shows it has a copy. */
    previous_refresh_hash: Nullable(Type.String()),
    refresh_expires_at: Instant,
    created_at: Instant,
    ended_at: Nullable(Instant),
    ended_because: Nullable(Type.String()),
  }),
  /** What a platform trades for a link, once and soon. */
  ucp_link_codes: Type.Object({
    code_hash: Type.String(),
    client_id: Type.String(),
    client_name: Type.String(),
    redirect_uri: Type.String(),
    /** SHA-256 of the verifier that the platform keeps (RFC 7636). */
    challenge: Type.String(),
    scopes: Json(Type.Array(Type.String())),
    user_id: IdSchema('user'),
    customer_id: IdSchema('customer'),
    expires_at: Instant,
    used_at: Nullable(Instant),
    link_id: Nullable(IdSchema('ucp_link')),
  }),
})

export type UcpCheckoutRow = Static<typeof db.tables.ucp_checkouts>
