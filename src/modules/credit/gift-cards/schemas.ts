import { type Static, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { Email } from '#modules/access'
import { creditAccountLifecycle } from '../lifecycle.ts'

/** How many cards one call makes at most. */
export const BULK_MAX = 500

const id = IdSchema('credit_account')

export const GiftCard = Type.Object({
  id,
  status: creditAccountLifecycle.schema,
  last_four: Type.String({ description: 'The end of its code; the rest is kept nowhere.' }),
  currency: Currency,
  initial_amount: Money,
  balance: Money,
  expires_at: Nullable(Instant),
  customer_id: Nullable(IdSchema('customer')),
  recipient_name: Nullable(Type.String()),
  recipient_email: Nullable(Type.String()),
  message: Nullable(Type.String()),
  note: Nullable(Type.String({ description: 'For staff only; null for others.' })),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type GiftCard = Static<typeof GiftCard>
export const GiftCards = PageOf(GiftCard)

export const NewGiftCard = Type.Object({
  ...GiftCard.properties,
  code: Type.String({
    description: 'Told this once. Pays in any spelling: case, spaces and dashes do not count.',
    examples: ['7K2P-QX9D-M4TR-HW3B'],
  }),
})
export type NewGiftCard = Static<typeof NewGiftCard>
export const NewGiftCards = Type.Object({ items: Type.Array(NewGiftCard) })
export type NewGiftCards = Static<typeof NewGiftCards>

const or = <T extends typeof Email | ReturnType<typeof Text> | ReturnType<typeof LongText>>(
  schema: T,
) => Type.Optional(Nullable(schema))

const told = {
  expires_at: Type.Optional(
    Nullable(
      Type.Unsafe<string>({ ...InstantInput, description: 'Never, unless an instant is given.' }),
    ),
  ),
  customer_id: Type.Optional(Nullable(IdSchema('customer'))),
  recipient_name: or(Text(200)),
  recipient_email: or(Email),
  message: or(LongText(1000)),
  note: or(LongText(1000)),
}
const money = { initial_amount: MoneyInput, currency: CurrencyInput }

export const CreateGiftCard = Type.Object({ ...money, ...told })
export type CreateGiftCard = Static<typeof CreateGiftCard>

export const CreateGiftCards = Type.Object({
  count: Type.Integer({ minimum: 1, maximum: BULK_MAX }),
  ...money,
  expires_at: told.expires_at,
  note: told.note,
})
export type CreateGiftCards = Static<typeof CreateGiftCards>

export const GetGiftCard = Type.Object({ id })
export type GetGiftCard = Static<typeof GetGiftCard>

export const UpdateGiftCard = Type.Object({ id, ...told })
export type UpdateGiftCard = Static<typeof UpdateGiftCard>

export const TopUpGiftCard = Type.Object({
  id,
  amount: MoneyInput,
  reason: Type.Optional(Text(500)),
})
export type TopUpGiftCard = Static<typeof TopUpGiftCard>

export const DisableGiftCard = Type.Object({ id, reason: Type.Optional(Text(500)) })
export type DisableGiftCard = Static<typeof DisableGiftCard>

export const ListGiftCards = Type.Object({
  ...pageQuery,
  status: Type.Optional(creditAccountLifecycle.schema),
  last_four: Type.Optional(Text(4, { minLength: 4, description: 'The end of the code.' })),
  customer_id: Type.Optional(IdSchema('customer')),
  order_id: Type.Optional(
    Type.Unsafe<Id<'order'>>({ ...IdSchema('order'), description: 'The order that sold them.' }),
  ),
  currency: Type.Optional(CurrencyInput),
})
export type ListGiftCards = Static<typeof ListGiftCards>

export const Code = Text(50, { minLength: 4, description: 'The code of a gift card.' })
export const CheckBalance = Type.Object({ code: Code })
export type CheckBalance = Static<typeof CheckBalance>
export const GiftCardBalance = Type.Object({
  last_four: Type.String(),
  status: creditAccountLifecycle.schema,
  currency: Currency,
  balance: Money,
  expires_at: Nullable(Instant),
})
export type GiftCardBalance = Static<typeof GiftCardBalance>
