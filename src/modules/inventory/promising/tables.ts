import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { supplyLifecycle } from './lifecycle.ts'

const Units = Type.Integer({ minimum: 0 })

export const db = defineTables({
  /** Units that somebody outside will bring to a location. */
  supplies: Type.Object({
    id: IdSchema('supply'),
    item_id: IdSchema('item'),
    location_id: IdSchema('location'),
    quantity: Units,
    received_quantity: Units,
    expected_at: Instant,
    status: supplyLifecycle.schema,
    reference: Nullable(Type.String()),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
})

export type SupplyRow = Static<(typeof db.tables)['supplies']>
