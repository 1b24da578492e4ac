import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { PAYERS } from '../lifecycle.ts'

const Payer = Type.Unsafe<(typeof PAYERS)[number]>(Type.Enum([...PAYERS]))
const Rate = Type.Union([Type.String({ minLength: 1, maxLength: 20 }), Type.Number()], {
  description: 'A share of what was paid: 0.1 is 10 %.',
})

export const Policy = Type.Object({
  id: IdSchema('return_policy'),
  name: Type.String(),
  reason_code: Nullable(Type.String({ description: 'Null: for every reason.' })),
  category_id: Nullable(IdSchema('category')),
  priority: Type.Integer({ description: 'Of two that fit as closely, the higher one counts.' }),
  is_returnable: Type.Boolean(),
  window_days: Nullable(
    Type.Integer({ description: 'From the delivery; 0: without end; null: as the settings say.' }),
  ),
  label_paid_by: Nullable(Payer),
  restocking_fee_rate: Nullable(Type.String({ examples: ['0.1'] })),
  restocking_fee_per_unit: Nullable(Money),
  fee_currency: Nullable(Currency),
  created_at: Instant,
  updated_at: Instant,
})
export type Policy = Static<typeof Policy>

const terms = {
  reason_code: Type.Optional(Nullable(Text(60))),
  category_id: Type.Optional(Nullable(IdSchema('category'))),
  priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  is_returnable: Type.Optional(Type.Boolean()),
  window_days: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 36_500 }))),
  label_paid_by: Type.Optional(Nullable(Payer)),
  restocking_fee_rate: Type.Optional(Nullable(Rate)),
  restocking_fee_per_unit: Type.Optional(Nullable(MoneyInput)),
  fee_currency: Type.Optional(Nullable(CurrencyInput)),
}

export const CreatePolicy = Type.Object({ name: Text(120), ...terms })
export type CreatePolicy = Static<typeof CreatePolicy>
export const GetPolicy = Type.Object({ id: IdSchema('return_policy') })
export type GetPolicy = Static<typeof GetPolicy>
export const UpdatePolicy = Type.Object({
  id: IdSchema('return_policy'),
  name: Type.Optional(Text(120)),
  ...terms,
})
export type UpdatePolicy = Static<typeof UpdatePolicy>
export const ListPolicies = Type.Object(pageQuery)
export type ListPolicies = Static<typeof ListPolicies>
export const Policies = PageOf(Policy)
