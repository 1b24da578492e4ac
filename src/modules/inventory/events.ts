import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

/** Which units of a movement, where somebody keeps lots, bins or serial numbers. */
export const LotUnits = Type.Object({
  lot_id: Type.Optional(IdSchema('lot')),
  quantity: Type.Integer({ minimum: 1 }),
  /** Null for units that stand in no bin. */
  bin_id: Type.Optional(Nullable(IdSchema('bin'))),
  serial_numbers: Type.Optional(Type.Array(Type.String())),
})
const lots = Type.Optional(Type.Array(LotUnits))

const Line = Type.Object({
  reservation_id: IdSchema('reservation'),
  item_id: IdSchema('item'),
  location_id: IdSchema('location'),
  quantity: Type.Integer(),
})
const Waiting = Type.Object({
  reservation_id: IdSchema('reservation'),
  item_id: IdSchema('item'),
  quantity: Type.Integer(),
  kind: Type.String({ description: 'backorder or preorder' }),
  promised_at: Nullable(Instant),
})
/** A row of the ledger as it is told to modules that keep something beside it. */
const PostedLine = Type.Object({
  movement_id: IdSchema('movement'),
  item_id: IdSchema('item'),
  location_id: IdSchema('location'),
  kind: Type.String(),
  /** Null where the units came from outside, or went there. */
  state_from: Nullable(Type.String()),
  state_to: Nullable(Type.String()),
  quantity: Type.Integer({ minimum: 1 }),
  reason: Nullable(Type.String()),
  lots,
  unit_cost_amount: Nullable(Type.Integer()),
  currency: Nullable(Type.String()),
})
const OfReference = Type.Object({
  reference_type: Type.String(),
  reference_id: Type.String(),
  lines: Type.Array(Line),
})

export const inventoryEvents = defineEvents('inventory', {
  reserved: {
    description: 'Units were promised to a holder such as an order.',
    entity: 'reference_id',
    payload: Type.Object({ ...OfReference.properties, expires_at: Nullable(Instant) }),
  },
  transferred: {
    description: 'Promised units changed hands: what a checkout held is now held for its order.',
    entity: 'reference_id',
    payload: Type.Object({
      ...OfReference.properties,
      from_type: Type.String(),
      from_id: Type.String(),
    }),
  },
  confirmed: {
    description: 'A promise became certain, because its holder is paid.',
    entity: 'reference_id',
    payload: Type.Object({ reference_type: Type.String(), reference_id: Type.String() }),
  },
  shipped: {
    description: 'Promised units left the shelves.',
    entity: 'reference_id',
    payload: Type.Object({
      ...OfReference.properties,
      lines: Type.Array(Type.Object({ ...Line.properties, lots })),
    }),
  },
  posted: {
    description:
      'Rows were added to the stock ledger, a thousand at most: each row is told once, here.',
    entity: 'posting_id',
    payload: Type.Object({
      posting_id: Type.String(),
      reference_type: Nullable(Type.String()),
      reference_id: Nullable(Type.String()),
      lines: Type.Array(PostedLine),
    }),
  },
  moved_promise: {
    description: 'Promised units are now held at another location for the same holder.',
    entity: 'reference_id',
    payload: Type.Object({
      reference_type: Type.String(),
      reference_id: Type.String(),
      moves: Type.Array(
        Type.Object({
          item_id: IdSchema('item'),
          quantity: Type.Integer(),
          from_location_id: IdSchema('location'),
          to_location_id: IdSchema('location'),
        }),
      ),
    }),
  },
  backordered: {
    description: 'Units were promised ahead of stock: they wait for it.',
    entity: 'reference_id',
    payload: Type.Object({
      reference_type: Type.String(),
      reference_id: Type.String(),
      lines: Type.Array(Waiting),
    }),
  },
  backorder_allocated: {
    description: 'Stock came in and units that waited for it are held at a location now.',
    entity: 'reference_id',
    payload: OfReference,
  },
  backorder_ended: {
    description: 'Units wait no longer; `because` is released, cancelled or expired.',
    entity: 'reference_id',
    payload: Type.Object({
      reference_type: Type.String(),
      reference_id: Type.String(),
      lines: Type.Array(Type.Omit(Waiting, ['kind', 'promised_at'])),
      because: Type.String(),
    }),
  },
  low_stock: {
    description: 'What is available of an item at a location fell to its reorder point or below.',
    entity: 'item_id',
    payload: Type.Object({
      item_id: IdSchema('item'),
      location_id: IdSchema('location'),
      available_quantity: Type.Integer(),
      reorder_point: Type.Integer(),
    }),
  },
  out_of_stock: {
    description: 'Nothing of an item is available at a location any more.',
    entity: 'item_id',
    payload: Type.Object({ item_id: IdSchema('item'), location_id: IdSchema('location') }),
  },
  released: {
    description:
      'Promised units became available again; `because` is released, cancelled or expired.',
    entity: 'reference_id',
    payload: Type.Object({ ...OfReference.properties, because: Type.String() }),
  },
  adjusted: {
    description:
      'Units came in, went out, were counted or changed their state. What orders ship and what ' +
      'transfers carry is told by events of their own.',
    entity: 'item_id',
    payload: Type.Object({
      item_id: IdSchema('item'),
      sku: Type.String(),
      location_id: IdSchema('location'),
      kind: Type.String(),
      quantity_delta: Type.Integer({ description: 'Of the units for sale.' }),
      on_hand: Type.Integer({ description: 'Units for sale, afterwards.' }),
      reason: Nullable(Type.String()),
      state_from: Nullable(Type.String()),
      state_to: Nullable(Type.String()),
      quantity: Type.Integer(),
      lots,
      reference_type: Nullable(Type.String()),
      reference_id: Nullable(Type.String()),
    }),
  },
  item_created: {
    description: 'An item began to be kept in stock.',
    entity: 'item_id',
    payload: Type.Object({ item_id: IdSchema('item'), sku: Type.String() }),
  },
  item_updated: {
    description: "An item's description, unit or reorder point changed.",
    entity: 'item_id',
    payload: Type.Object({ item_id: IdSchema('item'), sku: Type.String() }),
  },
  item_archived: {
    description: 'An item is no longer kept; its history stays.',
    entity: 'item_id',
    payload: Type.Object({ item_id: IdSchema('item'), sku: Type.String() }),
  },
})

const RuleFact = Type.Object({
  rule_id: IdSchema('routing_rule'),
  kind: Type.String(),
  position: Type.Integer(),
})

export const routingEvents = defineEvents('routing', {
  rule_created: {
    description: 'A rule by which locations are chosen was added.',
    entity: 'rule_id',
    payload: RuleFact,
  },
  rule_updated: {
    description: 'A routing rule was moved, narrowed, paused or taken up again.',
    entity: 'rule_id',
    payload: RuleFact,
  },
  rule_deleted: {
    description: 'A routing rule was taken away.',
    entity: 'rule_id',
    payload: RuleFact,
  },
})

export const locationEvents = defineEvents('location', {
  created: {
    description: 'A location was opened.',
    entity: 'location_id',
    payload: Type.Object({ location_id: IdSchema('location'), code: Type.String() }),
  },
  updated: {
    description: "A location's name, address or priority changed.",
    entity: 'location_id',
    payload: Type.Object({ location_id: IdSchema('location'), code: Type.String() }),
  },
  archived: {
    description: 'A location was closed.',
    entity: 'location_id',
    payload: Type.Object({ location_id: IdSchema('location'), code: Type.String() }),
  },
})
