import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import type { AgentCart } from './schemas.ts'

export const db = defineTables({
  agentic_carts: Type.Object({
    id: IdSchema('agent_cart'),
    /** The actor that made it: nobody else sees it. */
    agent: Type.String(),
    document: Json(Type.Unsafe<AgentCart>(Type.Object({}))),
    expires_at: Instant,
    canceled_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
})

export type CartRow = Static<(typeof db.tables)['agentic_carts']>
