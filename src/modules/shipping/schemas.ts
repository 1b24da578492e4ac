import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { CountryInput, PostalPrefixInput, RegionInput, TaxClassCode } from '#modules/tax'

const { Optional } = Type

export const WEIGHT_GRAMS_MAX = 1_000_000_000_000

export const Zone = Type.Object({
  id: IdSchema('shipping_zone'),
  name: Type.String(),
  areas: Type.Array(
    Type.Object({
      country: Type.String(),
      region: Nullable(Type.String()),
      postal_prefix: Nullable(Type.String()),
    }),
  ),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Zone = Static<typeof Zone>
export const Zones = PageOf(Zone)

const AreaInput = Type.Object({
  country: CountryInput,
  region: Optional(Nullable(RegionInput)),
  postal_prefix: Optional(Nullable(PostalPrefixInput)),
})
const AreaInputs = Type.Array(AreaInput, { minItems: 1, maxItems: 200 })
export type AreaInputs = Static<typeof AreaInputs>
export const GetZone = Type.Object({ id: IdSchema('shipping_zone') })
export type GetZone = Static<typeof GetZone>
export const ListZones = Type.Object({ ...pageQuery })
export type ListZones = Static<typeof ListZones>
export const CreateZone = Type.Object({ name: Text(100), areas: AreaInputs })
export type CreateZone = Static<typeof CreateZone>
export const UpdateZone = Type.Object({
  id: IdSchema('shipping_zone'),
  name: Optional(Text(100)),
  areas: Optional(AreaInputs),
})
export type UpdateZone = Static<typeof UpdateZone>

export const Rate = Type.Object({
  min_weight_grams: Type.Integer(),
  max_weight_grams: Nullable(Type.Integer()),
  min_subtotal: Money,
  max_subtotal: Nullable(Money),
  amount: Money,
})
export type Rate = Static<typeof Rate>
export const Method = Type.Object({
  id: IdSchema('shipping_method'),
  code: Type.String(),
  name: Type.String(),
  description: Nullable(Type.String()),
  zone_id: Nullable(IdSchema('shipping_zone')),
  currency: Currency,
  tax_class: Type.String(),
  estimated_days_min: Type.Integer(),
  estimated_days_max: Type.Integer(),
  position: Type.Integer(),
  is_active: Type.Boolean(),
  rates: Type.Array(Rate),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Method = Static<typeof Method>
export const Methods = PageOf(Method)

const weight = Type.Integer({ minimum: 0, maximum: WEIGHT_GRAMS_MAX })
const RateInput = Type.Object({
  min_weight_grams: Optional(weight),
  max_weight_grams: Optional(
    Type.Unsafe<number | null>({ ...Nullable(weight), description: 'It is for less than this.' }),
  ),
  min_subtotal: Optional(MoneyInput),
  max_subtotal: Optional(
    Type.Unsafe<string | number | null>({
      ...Nullable(MoneyInput),
      description: 'It is for less than this.',
    }),
  ),
  amount: MoneyInput,
})
const RateInputs = Type.Array(RateInput, {
  minItems: 1,
  maxItems: 100,
  description: 'Each from its lower bounds on, below its upper ones. They must not overlap.',
})
export type RateInputs = Static<typeof RateInputs>

const days = Type.Integer({ minimum: 0, maximum: 365 })
const methodFacts = {
  name: Text(100),
  description: Optional(Nullable(Text(500))),
  zone_id: Optional(
    Type.Unsafe<Method['zone_id']>({
      ...Nullable(IdSchema('shipping_zone')),
      description: 'Where it goes; null is everywhere.',
    }),
  ),
  tax_class: Optional(TaxClassCode),
  estimated_days_min: days,
  estimated_days_max: days,
  position: Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'Lower comes first where the price is the same.',
    }),
  ),
  is_active: Optional(Type.Boolean({ description: 'False: not offered for now.' })),
  rates: RateInputs,
}
export const GetMethod = Type.Object({ id: IdSchema('shipping_method') })
export type GetMethod = Static<typeof GetMethod>
export const ListMethods = Type.Object({
  currency: Optional(CurrencyInput),
  zone_id: Optional(IdSchema('shipping_zone')),
  is_active: Optional(Type.Boolean()),
  ...pageQuery,
})
export type ListMethods = Static<typeof ListMethods>
export const CreateMethod = Type.Object({
  code: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,39}$', examples: ['standard'] }),
  currency: Optional(CurrencyInput),
  ...methodFacts,
})
export type CreateMethod = Static<typeof CreateMethod>
export const UpdateMethod = Type.Object({
  id: IdSchema('shipping_method'),
  ...Type.Partial(Type.Object(methodFacts)).properties,
})
export type UpdateMethod = Static<typeof UpdateMethod>

export const Quotes = Type.Object({
  country: Optional(CountryInput),
  region: Optional(RegionInput),
  postal_code: Optional(Text(20)),
  currency: Optional(CurrencyInput),
  subtotal: Optional(MoneyInput),
  weight_grams: Optional(weight),
})
export type Quotes = Static<typeof Quotes>

export const NOTHING_OFFERED = [
  'no_method_in_currency',
  'not_delivered_there',
  'no_rate_for_cart',
] as const
export const Quoted = Type.Object({
  currency: Currency,
  options: Type.Array(
    Type.Object({
      method_id: Type.String({ description: 'The code, for one of the built-in methods.' }),
      code: Type.String(),
      name: Type.String(),
      amount: Money,
      estimated_days_min: Type.Integer(),
      estimated_days_max: Type.Integer(),
      tax_class: Type.String(),
    }),
    { description: 'The cheapest first.' },
  ),
  not_offered: Type.Array(
    Type.Object({ code: Type.String(), name: Type.String(), reason: Type.String() }),
    { description: 'Methods that go there, but have no rate for this weight and subtotal.' },
  ),
  reason: Type.Unsafe<(typeof NOTHING_OFFERED)[number] | null>({
    ...Nullable(Type.Enum([...NOTHING_OFFERED])),
    description: 'Why nothing is offered.',
  }),
  explanation: Nullable(Type.String()),
})
export type Quoted = Static<typeof Quoted>
