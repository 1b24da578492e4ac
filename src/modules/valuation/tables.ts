import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, SignedAmount } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

const Units = Type.Integer({ minimum: 0 })

export const db = defineTables({
  /**
   * What all units of an item are worth, wherever they are: on shelves in any state, and between
   * two locations. Written only beside the entries that it adds up.
   */
  stock_values: Type.Object({
    item_id: IdSchema('item'),
    /** Null until a cost was told. */
    currency: Nullable(Type.String()),
    quantity: Units,
    /** By moving average, in minor units. */
    average_amount: Amount,
    /** By FIFO layers, in minor units. */
    fifo_amount: Amount,
    /** What a unit cost when somebody last said so. */
    last_unit_amount: Nullable(Amount),
    version: Type.Integer(),
    updated_at: Instant,
  }),
  /** Units that came in together, and what is left of them. The oldest go first. */
  cost_layers: Type.Object({
    sequence: Type.Integer(),
    item_id: IdSchema('item'),
    /** The row of the ledger that brought them; null for what was there before values were kept. */
    movement_id: Nullable(IdSchema('movement')),
    quantity: Units,
    amount: Amount,
    left_quantity: Units,
    left_amount: Amount,
    received_at: Instant,
  }),
  /** Every change of a value, with what it came to; append-only. */
  value_entries: Type.Object({
    sequence: Type.Integer(),
    item_id: IdSchema('item'),
    movement_id: Nullable(IdSchema('movement')),
    kind: Type.String(),
    /** Which cost counted for units that came in, see `COST_SOURCES`; null for all others. */
    cost_source: Nullable(Type.String()),
    quantity_delta: Type.Integer(),
    average_delta_amount: SignedAmount,
    fifo_delta_amount: SignedAmount,
    quantity_after: Units,
    average_after_amount: Amount,
    fifo_after_amount: Amount,
    currency: Nullable(Type.String()),
    reason: Nullable(Type.String()),
    reference_type: Nullable(Type.String()),
    reference_id: Nullable(Type.String()),
    actor: Type.String(),
    /** Never before that of the entry before it of the same item. */
    occurred_at: Instant,
  }),
})

export type PoolRow = Static<(typeof db.tables)['stock_values']>
export type LayerRow = Static<(typeof db.tables)['cost_layers']>
export type EntryRow = Static<(typeof db.tables)['value_entries']>
