import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { Instant, Nullable, Text } from '#kit/schemas'
import { CountryInput, PostalPrefixInput, RegionInput } from '#modules/tax'
import { METHODS } from '../words.ts'

const { Optional } = Type
const Code = Type.String({
  pattern: '^[a-z0-9][a-z0-9_-]{0,39}$',
  description: 'Small letters, digits, - and _.',
  examples: ['parcel'],
})
export const METHOD_CODES = [...METHODS]

export const CarrierService = Type.Object({
  id: IdSchema('carrier_service'),
  code: Type.String(),
  name: Type.String(),
  method: Type.Enum(METHOD_CODES),
  currency: Currency,
  is_active: Type.Boolean(),
  zones: Type.Array(
    Type.Object({
      name: Type.String(),
      areas: Type.Array(
        Type.Object({
          country: Type.String(),
          region: Nullable(Type.String()),
          postal_prefix: Nullable(Type.String()),
        }),
        { description: 'Empty: everywhere else.' },
      ),
      delivery_days: Type.Integer(),
      bands: Type.Array(Type.Object({ up_to_grams: Type.Integer(), amount: Money })),
    }),
  ),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type CarrierService = Static<typeof CarrierService>
export const CarrierServices = Type.Object({ items: Type.Array(CarrierService) })

const ZoneInput = Type.Object({
  name: Text(100),
  areas: Optional(
    Type.Array(
      Type.Object({
        country: CountryInput,
        region: Optional(Nullable(RegionInput)),
        postal_prefix: Optional(Nullable(PostalPrefixInput)),
      }),
      { maxItems: 300, description: 'Left out or empty: everywhere else.' },
    ),
  ),
  delivery_days: Type.Integer({ minimum: 0, maximum: 365 }),
  bands: Type.Array(
    Type.Object({
      up_to_grams: Type.Integer({ minimum: 1, maximum: 100_000_000 }),
      amount: MoneyInput,
    }),
    { minItems: 1, maxItems: 100, description: 'The lightest that holds the parcel counts.' },
  ),
})
export type ZoneInput = Static<typeof ZoneInput>
const facts = {
  name: Text(100),
  method: Optional(Type.Enum(METHOD_CODES, { default: 'standard' })),
  currency: Optional(CurrencyInput),
  is_active: Optional(Type.Boolean()),
  zones: Type.Array(ZoneInput, { minItems: 1, maxItems: 50 }),
}
export const GetService = Type.Object({ code: Code })
export type GetService = Static<typeof GetService>
export const PutService = Type.Object({ code: Code, ...facts })
export type PutService = Static<typeof PutService>
