import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { bulkLifecycle } from './lifecycle.ts'

/** What came of one order. */
export const RESULTS = ['waiting', 'ok', 'failed'] as const

export const db = defineTables({
  /** One thing that is to be done to many orders. */
  order_bulks: Type.Object({
    id: IdSchema('order_bulk'),
    action: Type.String(),
    parameters: Json(Type.Object({})),
    /** As of the order list; null where the orders were named. */
    filter: Nullable(Json(Type.Object({}))),
    /** Everything is tried and nothing is kept. */
    dry_run: Type.Boolean(),
    status: bulkLifecycle.schema,
    rows_total: Type.Integer(),
    rows_ok: Type.Integer(),
    rows_failed: Type.Integer(),
    /** The last row that is counted; in doubt, what is counted is counted again from here. */
    position: Type.Integer(),
    /** The last order that the filter was asked for. */
    collected_to: Nullable(IdSchema('order')),
    problem: Nullable(Type.String()),
    /** Who wants it, and in whose name it is done. */
    actor: Type.String(),
    finished_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  order_bulk_rows: Type.Object({
    bulk_id: IdSchema('order_bulk'),
    position: Type.Integer(),
    /** As it was named. */
    order_ref: Type.String(),
    /** Null if there is no such order. */
    order_id: Nullable(IdSchema('order')),
    result: Type.Unsafe<(typeof RESULTS)[number]>(Type.Enum([...RESULTS])),
    /** The code and the sentence of the refusal. */
    code: Nullable(Type.String()),
    message: Nullable(Type.String()),
    done_at: Nullable(Instant),
  }),
})

export type BulkRow = Static<(typeof db.tables)['order_bulks']>
export type BulkResult = Static<(typeof db.tables)['order_bulk_rows']>
