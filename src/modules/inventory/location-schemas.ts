import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'

const Address = Type.Object({
  street: Type.Optional(Text(200)),
  city: Type.Optional(Text(100)),
  state: Type.Optional(Text(100)),
  postal_code: Type.Optional(Text(20)),
  country: Type.Optional(Text(100)),
})

export const Location = Type.Object({
  id: IdSchema('location'),
  number: Type.Integer({ description: 'The small number that published clients use as its id.' }),
  code: Text(32),
  name: Text(100),
  address: Nullable(Address),
  priority: Type.Integer({ description: 'Lower is asked first when an order looks for stock.' }),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Location = Static<typeof Location>

const LocationRef = Text(64, { description: "The location's id, number or code." })
export const GetLocation = Type.Object({ id: LocationRef })
export const ListLocations = Type.Object({ ...pageQuery })
export type ListLocations = Static<typeof ListLocations>
export const Locations = PageOf(Location)

const priority = Type.Integer({ minimum: 0, maximum: 1_000_000 })
export const CreateLocation = Type.Object({
  code: Text(32),
  name: Text(100),
  address: Type.Optional(Nullable(Address)),
  priority: Type.Optional(priority),
})
export type CreateLocation = Static<typeof CreateLocation>
export const UpdateLocation = Type.Object({
  id: LocationRef,
  name: Type.Optional(Text(100)),
  address: Type.Optional(Nullable(Address)),
  priority: Type.Optional(priority),
})
export type UpdateLocation = Static<typeof UpdateLocation>
