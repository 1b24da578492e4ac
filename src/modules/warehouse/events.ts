import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const Bin = Type.Object({
  bin_id: IdSchema('bin'),
  location_id: IdSchema('location'),
  code: Type.String(),
})
const Zone = Type.Object({
  zone_id: IdSchema('zone'),
  location_id: IdSchema('location'),
  code: Type.String(),
})
const ofLot = {
  lot_id: IdSchema('lot'),
  item_id: IdSchema('item'),
  lot_number: Type.String(),
}

export const zoneEvents = defineEvents('zone', {
  created: { description: 'A zone was laid out.', entity: 'zone_id', payload: Zone },
  updated: { description: "A zone's name or place changed.", entity: 'zone_id', payload: Zone },
  archived: { description: 'A zone was given up.', entity: 'zone_id', payload: Zone },
})

export const binEvents = defineEvents('bin', {
  created: { description: 'A bin was set up.', entity: 'bin_id', payload: Bin },
  updated: { description: "A bin's facts changed.", entity: 'bin_id', payload: Bin },
  archived: { description: 'A bin was given up; it is empty.', entity: 'bin_id', payload: Bin },
  location_started: {
    description: 'From now on a location keeps its units by bin.',
    entity: 'location_id',
    payload: Type.Object({ location_id: IdSchema('location') }),
  },
  units_moved: {
    description: 'Units were put into other bins of a location; its stock is the same.',
    entity: 'location_id',
    payload: Type.Object({
      location_id: IdSchema('location'),
      lines: Type.Array(
        Type.Object({
          item_id: IdSchema('item'),
          quantity: Type.Integer(),
          from_bin_id: Nullable(IdSchema('bin')),
          to_bin_id: Nullable(IdSchema('bin')),
          lot_id: Nullable(IdSchema('lot')),
        }),
      ),
    }),
  },
})

export const trackingEvents = defineEvents('tracking', {
  changed: {
    description: 'An item is kept in another way: by lot, by serial number, or plainly.',
    entity: 'item_id',
    payload: Type.Object({
      item_id: IdSchema('item'),
      sku: Type.String(),
      tracking: Type.String(),
      before: Type.String(),
    }),
  },
})

export const lotEvents = defineEvents('lot', {
  created: {
    description: 'A lot of an item became known.',
    entity: 'lot_id',
    payload: Type.Object({ ...ofLot, expires_on: Nullable(Type.String()) }),
  },
  updated: {
    description: "A lot's dates or origin changed.",
    entity: 'lot_id',
    payload: Type.Object({ ...ofLot, expires_on: Nullable(Type.String()) }),
  },
  blocked: {
    description: 'A lot is not picked and not shipped any more.',
    entity: 'lot_id',
    payload: Type.Object({ ...ofLot, reason: Type.String() }),
  },
  unblocked: {
    description: 'A lot may be shipped again.',
    entity: 'lot_id',
    payload: Type.Object(ofLot),
  },
  expired: {
    description:
      'The last good day of a lot is over and its units are not for sale any more. Those in ' +
      '`promised_quantity` are promised to someone: they are not shipped, but still counted.',
    entity: 'lot_id',
    payload: Type.Object({
      ...ofLot,
      location_id: IdSchema('location'),
      quantity: Type.Integer(),
      promised_quantity: Type.Integer(),
    }),
  },
  consumed: {
    description: 'Units of lots or serial numbers went into another lot or serial number.',
    entity: 'made_id',
    payload: Type.Object({
      made_id: Type.String({ description: 'The lot or the serial number that was made.' }),
      item_id: IdSchema('item'),
      components: Type.Array(
        Type.Object({
          lot_id: Nullable(IdSchema('lot')),
          serial_id: Nullable(IdSchema('serial')),
          quantity: Type.Integer(),
        }),
      ),
    }),
  },
})
