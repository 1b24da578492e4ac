import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

/** As much of what was sent as it takes to say later that it is no longer sold. */
export const Sent = Type.Object({
  title: Type.String(),
  variants: Type.Array(Type.Object({ id: Type.String(), title: Type.String() })),
})

export const db = defineTables({
  /** What the feed of an agent has of each product, and what may have to be sent. */
  feed_products: Type.Object({
    product_id: IdSchema('product'),
    /** When it is to be compared with what was sent; null while nothing happened. */
    due_at: Nullable(Instant),
    /** Failed tries since it was last sent. */
    attempts: Type.Integer(),
    error: Nullable(Type.String()),
    /** The feed that has it; another one has nothing of it. */
    feed_url: Nullable(Type.String()),
    /** Of what was sent; null if nothing is there, or it was said to be no longer sold. */
    sent_hash: Nullable(Type.String()),
    sent: Nullable(Json(Sent)),
    sent_at: Nullable(Instant),
  }),
})
export type FeedRow = Static<typeof db.tables.feed_products>
