import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Text } from '#kit/schemas'

const id = IdSchema('credit_account')

export const StoreCredit = Type.Object({
  id,
  customer_id: IdSchema('customer'),
  currency: Currency,
  balance: Money,
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type StoreCredit = Static<typeof StoreCredit>
export const StoreCredits = PageOf(StoreCredit)

export const ListStoreCredit = Type.Object({
  ...pageQuery,
  customer_id: Type.Optional(IdSchema('customer')),
  currency: Type.Optional(CurrencyInput),
})
export type ListStoreCredit = Static<typeof ListStoreCredit>

export const GetStoreCredit = Type.Object({ id })
export type GetStoreCredit = Static<typeof GetStoreCredit>

const booking = {
  customer_id: IdSchema('customer'),
  currency: CurrencyInput,
  amount: MoneyInput,
  reason: Text(500, { description: 'The customer reads it in the statement.' }),
  reference_id: Type.Optional(
    Text(100, { description: 'Booked once for ever: repeated, it answers as the first time.' }),
  ),
}
export const GrantStoreCredit = Type.Object(booking)
export type GrantStoreCredit = Static<typeof GrantStoreCredit>
export const DeductStoreCredit = Type.Object(booking)
export type DeductStoreCredit = Static<typeof DeductStoreCredit>
