import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { LIMIT_MAX, PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { ShownProduct } from '#modules/catalogue'

const or = <T extends Parameters<typeof Nullable>[0]>(schema: T) => Type.Optional(Nullable(schema))

/** Why a product is recommended. */
export const REASONS = [
  'matches',
  'bought_together',
  'same_category',
  'bought_often',
  'new',
] as const
export type Reason = (typeof REASONS)[number]

export const Recommendation = Type.Object({
  ...ShownProduct.properties,
  reason: Type.Enum([...REASONS]),
  explanation: Type.String({ examples: ['Bought together in 12 orders.'] }),
})
export type Recommendation = Static<typeof Recommendation>

export const Recommendations = Type.Object({
  products: Type.Array(Recommendation),
  total: Type.Integer({
    minimum: 0,
    description: 'How many can be recommended here, at most 200.',
  }),
})
export type Recommendations = Static<typeof Recommendations>

export const Recommend = Type.Object({
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 1 })),
  per_page: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: 20 })),
  search: Type.Optional(
    Type.String({ maxLength: 200, description: 'Products that match a text.' }),
  ),
  is_active: Type.Optional(
    Type.Boolean({ description: 'Only what is on sale is recommended: `false` finds nothing.' }),
  ),
  product_id: Type.Optional(
    Type.Array(IdSchema('product'), {
      maxItems: 20,
      description: 'What the buyer looks at or has: they get what goes with it.',
    }),
  ),
  cart_id: Type.Optional(IdSchema('cart')),
})
export type Recommend = Static<typeof Recommend>

const Limit = Type.Object({
  currency: Currency,
  per_cart: Nullable(Money),
  per_day: Nullable(Money),
  spent_today: Type.String({ ...Money, description: 'What it put into carts today, in UTC.' }),
})

export const Agent = Type.Object({
  id: IdSchema('agent'),
  name: Type.String(),
  description: Nullable(Type.String()),
  api_key_id: Nullable(IdSchema('api_key')),
  paused: Type.Boolean(),
  paused_at: Nullable(Instant),
  limits: Type.Array(Limit, { description: 'In a currency without a limit it may spend nothing.' }),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Agent = Static<typeof Agent>
export const Agents = PageOf(Agent)

const Most = Nullable(Type.Unsafe<string | number>({ ...MoneyInput, description: 'Null: any.' }))
const limits = Type.Array(
  Type.Object({
    currency: CurrencyInput,
    per_cart: Type.Optional(Most),
    per_day: Type.Optional(Most),
  }),
  { maxItems: 50, description: 'All limits: what is not named is no longer allowed.' },
)
export type LimitInput = Static<typeof limits>[number]
const members = {
  description: or(Text(500)),
  api_key_id: or(IdSchema('api_key')),
  limits: Type.Optional(limits),
  paused: Type.Optional(Type.Boolean()),
}

export const RegisterAgent = Type.Object({ name: Text(100), ...members })
export type RegisterAgent = Static<typeof RegisterAgent>

const id = IdSchema('agent')
export const GetAgent = Type.Object({ id })
export type GetAgent = Static<typeof GetAgent>
export const UpdateAgent = Type.Object({ id, name: Type.Optional(Text(100)), ...members })
export type UpdateAgent = Static<typeof UpdateAgent>
export const ListAgents = Type.Object(pageQuery)
export type ListAgents = Static<typeof ListAgents>

const Ref = Text(100, { description: "A variant's or product's id, or a SKU in any case." })
export const AddAgentItem = Type.Object({
  customer_id: IdSchema('customer'),
  cart_id: IdSchema('cart'),
  variant_id: or(Ref),
  product_id: or(Ref),
  sku: or(Ref),
  quantity: Type.Integer({ minimum: 1, maximum: 10_000 }),
})
export type AddAgentItem = Static<typeof AddAgentItem>

export const Addition = Type.Object({
  id: IdSchema('agent_addition'),
  cart_id: IdSchema('cart'),
  customer_id: IdSchema('customer'),
  variant_id: Nullable(IdSchema('variant')),
  quantity: Type.Integer(),
  currency: Currency,
  amount: Money,
  created_at: Instant,
})
export type Addition = Static<typeof Addition>
export const Additions = PageOf(Addition)
export const ListAdditions = Type.Object({ id, ...pageQuery })
export type ListAdditions = Static<typeof ListAdditions>
