import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, Nullable, Text } from '#kit/schemas'
import { TAX_REASONS } from '#modules/pricing'
import { RATE_REASONS } from './tables.ts'

const { Optional } = Type

/** ISO 3166-1, two letters, either case. */
export const CountryInput = Type.String({ pattern: '^[A-Za-z]{2}$', examples: ['US'] })
export const RegionInput = Text(50, {
  description: 'A state or province by its code, with or without the country: `CA` or `US-CA`.',
})
export const PostalPrefixInput = Text(12, { description: 'What the postal code begins with.' })

/** What a product or a shipping method names. */
export const TaxClassCode = Type.String({
  pattern: '^[a-z][a-z0-9_-]{0,39}$',
  description: 'Code of a tax class.',
  examples: ['standard'],
})
const Share = Type.String({ description: 'A share: 0.0825 is 8.25 %.', examples: ['0.0825'] })
const ShareInput = Type.Union([
  Type.String({ minLength: 1, maxLength: 20, examples: ['0.0825'] }),
  Type.Number(),
])

export const TaxClass = Type.Object({
  id: IdSchema('tax_class'),
  code: Type.String(),
  name: Type.String(),
  description: Nullable(Type.String()),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type TaxClass = Static<typeof TaxClass>
export const TaxClasses = PageOf(TaxClass)

const ClassRef = Text(64, { description: "The class's id or code." })
export const GetClass = Type.Object({ id: ClassRef })
export type GetClass = Static<typeof GetClass>
export const ListClasses = Type.Object({ ...pageQuery })
export type ListClasses = Static<typeof ListClasses>
export const CreateClass = Type.Object({
  code: TaxClassCode,
  name: Text(100),
  description: Optional(Nullable(Text(500))),
})
export type CreateClass = Static<typeof CreateClass>
export const UpdateClass = Type.Object({
  id: ClassRef,
  name: Optional(Text(100)),
  description: Optional(Nullable(Text(500))),
})
export type UpdateClass = Static<typeof UpdateClass>

export const TaxRate = Type.Object({
  id: IdSchema('tax_rate'),
  country: Type.String(),
  region: Nullable(Type.String()),
  postal_prefix: Nullable(Type.String()),
  tax_class: Type.String(),
  name: Type.String(),
  jurisdiction: Type.String(),
  rate: Share,
  reason: Type.Enum([...RATE_REASONS]),
  valid_from: Instant,
  valid_until: Nullable(Instant),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type TaxRate = Static<typeof TaxRate>
export const TaxRates = PageOf(TaxRate)

const rateFacts = {
  name: Text(100, { description: 'As buyers read it, such as `State sales tax`.' }),
  rate: ShareInput,
  reason: Optional(
    Type.Enum([...RATE_REASONS], {
      description: '`standard` unless said; `zero_rated` where the rate is 0.',
    }),
  ),
  jurisdiction: Optional(
    Text(60, { description: 'Whose tax it is; made of country, region and prefix unless said.' }),
  ),
  valid_from: Optional(InstantInput),
  valid_until: Optional(Nullable(InstantInput)),
}
export const GetRate = Type.Object({ id: IdSchema('tax_rate') })
export type GetRate = Static<typeof GetRate>
export const CreateRate = Type.Object({
  country: CountryInput,
  region: Optional(Nullable(RegionInput)),
  postal_prefix: Optional(Nullable(PostalPrefixInput)),
  tax_class: Optional(TaxClassCode),
  ...rateFacts,
})
export type CreateRate = Static<typeof CreateRate>
export const UpdateRate = Type.Object({
  id: IdSchema('tax_rate'),
  ...Type.Partial(Type.Object(rateFacts)).properties,
})
export type UpdateRate = Static<typeof UpdateRate>
export const ListRates = Type.Object({
  country: Optional(CountryInput),
  region: Optional(RegionInput),
  tax_class: Optional(TaxClassCode),
  valid_at: Optional(InstantInput),
  ...pageQuery,
})
export type ListRates = Static<typeof ListRates>

export const Quote = Type.Object({
  country: Optional(CountryInput),
  region: Optional(RegionInput),
  postal_code: Optional(Text(20)),
  tax_class: Optional(TaxClassCode),
  amount: MoneyInput,
  currency: Optional(CurrencyInput),
})
export type Quote = Static<typeof Quote>
export const Quoted = Type.Object({
  currency: Currency,
  amount: Money,
  prices_include_tax: Type.Boolean({ description: 'Whether `amount` contains the tax already.' }),
  net: Money,
  tax: Money,
  gross: Money,
  taxes: Type.Array(
    Type.Object({
      name: Type.String(),
      jurisdiction: Type.String(),
      rate: Share,
      reason: Type.Enum([...TAX_REASONS]),
      taxable: Money,
      amount: Money,
    }),
  ),
})
export type Quoted = Static<typeof Quoted>
