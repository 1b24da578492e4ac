import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const Line = Type.Object({
  reservation_id: IdSchema('reservation'),
  item_id: IdSchema('item'),
  location_id: IdSchema('location'),
  quantity: Type.Integer(),
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
    payload: OfReference,
  },
  released: {
    description:
      'Promised units became available again; `because` is released, cancelled or expired.',
    entity: 'reference_id',
    payload: Type.Object({ ...OfReference.properties, because: Type.String() }),
  },
  adjusted: {
    description: 'Units came in, went out or were counted; the ledger has a row for each.',
    entity: 'item_id',
    payload: Type.Object({
      item_id: IdSchema('item'),
      sku: Type.String(),
      location_id: IdSchema('location'),
      kind: Type.String(),
      quantity_delta: Type.Integer(),
      on_hand: Type.Integer(),
      reason: Nullable(Type.String()),
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
