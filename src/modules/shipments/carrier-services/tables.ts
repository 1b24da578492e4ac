import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { METHODS, type Method } from '../words.ts'

/** Where a price is for, and what a parcel costs there up to each weight. Minor units. */
export const StoredZone = Type.Object({
  name: Type.String(),
  areas: Type.Array(
    Type.Object({
      country: Type.String(),
      region: Nullable(Type.String()),
      postal_prefix: Nullable(Type.String()),
    }),
  ),
  delivery_days: Type.Integer(),
  bands: Type.Array(Type.Object({ up_to_grams: Type.Integer(), amount: Type.Integer() })),
})
export type StoredZone = Static<typeof StoredZone>

export const db = defineTables({
  /** The table of the built-in carrier: a service, its zones, its weights. */
  carrier_services: Type.Object({
    id: IdSchema('carrier_service'),
    code: Type.String(),
    name: Type.String(),
    method: Type.Unsafe<Method>(Type.Enum([...METHODS])),
    currency: Currency,
    zones: Json(Type.Array(StoredZone)),
    is_active: Type.Boolean(),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
})
export type ServiceRow = Static<typeof db.tables.carrier_services>
