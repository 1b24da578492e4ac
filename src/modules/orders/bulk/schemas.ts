import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { ListOrders, OrderRef } from '../schemas.ts'
import { bulkLifecycle } from './lifecycle.ts'
import { RESULTS } from './tables.ts'

/** Orders that can be named at once; a filter may find more. */
export const NAMED_MAX = 1_000
/** Orders of one bulk operation. */
export const ROWS_MAX = 100_000

const {
  page: _,
  limit: __,
  per_page: ___,
  offset: ____,
  cursor: _____,
  ...asked
} = ListOrders.properties
const { sort_by: ______, sort_order: _______, include_items: ________, ...filters } = asked

/** The filters of the order list. */
export const BulkFilter = Type.Object(filters, { additionalProperties: false, minProperties: 1 })

const parameters = Type.Record(Type.String(), Type.Unknown(), {
  maxProperties: 20,
  description: 'What the action is told once for all orders; see the list of actions.',
})

export const StartBulk = Type.Object({
  action: Text(40, { description: 'Such as `hold` or `ship`; see the list of actions.' }),
  parameters: Type.Optional(parameters),
  order_ids: Type.Optional(
    Type.Array(OrderRef, { minItems: 1, maxItems: NAMED_MAX, description: 'Ids or numbers.' }),
  ),
  filter: Type.Optional(BulkFilter),
  dry_run: Type.Optional(
    Type.Boolean({ default: false, description: 'Tries everything and keeps nothing.' }),
  ),
})
export type StartBulk = Static<typeof StartBulk>

export const Bulk = Type.Object({
  id: IdSchema('order_bulk'),
  action: Type.String(),
  parameters,
  dry_run: Type.Boolean(),
  status: bulkLifecycle.schema,
  rows_total: Type.Integer({ description: 'Orders found so far; all, once it is running.' }),
  rows_done: Type.Integer(),
  rows_ok: Type.Integer(),
  rows_failed: Type.Integer(),
  problem: Nullable(Type.String()),
  actor: Type.String(),
  finished_at: Nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
})
export type Bulk = Static<typeof Bulk>

export const GetBulk = Type.Object({ id: IdSchema('order_bulk') })
export type GetBulk = Static<typeof GetBulk>
export const ListBulks = Type.Object({
  ...pageQuery,
  status: Type.Optional(bulkLifecycle.schema),
})
export type ListBulks = Static<typeof ListBulks>
export const Bulks = PageOf(Bulk)

export const ListBulkRows = Type.Object({
  id: IdSchema('order_bulk'),
  ...pageQuery,
  result: Type.Optional(Type.Enum([...RESULTS])),
})
export type ListBulkRows = Static<typeof ListBulkRows>
export const BulkResultRow = Type.Object({
  position: Type.Integer(),
  order: Type.String({ description: 'As it was named.' }),
  order_id: Nullable(IdSchema('order')),
  result: Type.Enum([...RESULTS]),
  code: Nullable(Type.String({ examples: ['ORDER_CANNOT_CANCEL'] })),
  message: Nullable(Type.String()),
  done_at: Nullable(Instant),
})
export const BulkRows = PageOf(BulkResultRow)

export const BulkAction = Type.Object({
  name: Type.String({ examples: ['hold'] }),
  summary: Type.String(),
  permission: Type.String({ examples: ['orders:update'] }),
  parameters: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema.' }),
})
export const BulkActions = Type.Array(BulkAction)
