import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { ItemRef, LocationRef, Quantity } from '../schemas.ts'
import { WHY } from '../why.ts'
import { RULE_KINDS } from './tables.ts'

/** More rules than anybody can foresee the outcome of. */
export const RULES_MAX = 50
const DEMANDS_MAX = 100

const Kind = Type.Enum([...RULE_KINDS], {
  description:
    'preferred_location: this one first; nearest_region: the state of the destination, then its ' +
    'country; fewest_splits: as few locations as possible; availability: who can give most.',
})
const Country = Text(100, { description: 'Of the destination, as orders write it: US.' })

export const RoutingRule = Type.Object({
  id: IdSchema('routing_rule'),
  position: Type.Integer({ description: 'Lower is asked first.' }),
  kind: Kind,
  location_id: Nullable(IdSchema('location')),
  country: Nullable(Type.String()),
  region: Nullable(Type.String()),
  is_paused: Type.Boolean(),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type RoutingRule = Static<typeof RoutingRule>
export const GetRule = Type.Object({ id: IdSchema('routing_rule') })
export type GetRule = Static<typeof GetRule>
export const ListRules = Type.Object({ ...pageQuery })
export type ListRules = Static<typeof ListRules>
export const Rules = PageOf(RoutingRule)

const position = Type.Integer({ minimum: 0, maximum: 1_000_000 })
export const CreateRule = Type.Object({
  kind: Kind,
  position: Type.Optional(position),
  location_id: Type.Optional(Nullable(LocationRef)),
  country: Type.Optional(Nullable(Country)),
  region: Type.Optional(Nullable(Text(100))),
})
export type CreateRule = Static<typeof CreateRule>
export const UpdateRule = Type.Object({
  id: IdSchema('routing_rule'),
  position: Type.Optional(position),
  location_id: Type.Optional(LocationRef),
  country: Type.Optional(Nullable(Country)),
  region: Type.Optional(Nullable(Text(100))),
  is_paused: Type.Optional(Type.Boolean()),
})
export type UpdateRule = Static<typeof UpdateRule>

export const PreviewRouting = Type.Object({
  items: Type.Array(
    Type.Object({
      item_number: ItemRef,
      quantity: Quantity,
      location_id: Type.Optional(LocationRef),
    }),
    { minItems: 1, maxItems: DEMANDS_MAX },
  ),
  destination: Type.Optional(
    Type.Object({
      country: Type.Optional(Nullable(Country)),
      region: Type.Optional(Nullable(Text(100))),
    }),
  ),
})
export type PreviewRouting = Static<typeof PreviewRouting>
export const RoutingPreview = Type.Object({
  parts: Type.Array(
    Type.Object({
      item_id: IdSchema('item'),
      item_number: Type.String(),
      location_id: IdSchema('location'),
      quantity: Type.Integer(),
      why: Type.Enum(Object.values(WHY)),
    }),
  ),
  locations_used: Type.Integer(),
  shortages: Type.Array(
    Type.Object({
      item_id: IdSchema('item'),
      item_number: Type.String(),
      requested: Type.Integer(),
      available: Type.Integer(),
    }),
  ),
})
export type RoutingPreview = Static<typeof RoutingPreview>
