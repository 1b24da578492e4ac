import { type Static, Type } from 'typebox'
import { LongText, Nullable, Text } from '#kit/schemas'
import { Email, normalEmail } from '#modules/access'
import { invalidField } from '#platform/operations'

// Whoever is to be mailed a gift card that somebody else buys. Lines of carts, drafts and orders
// keep them in columns of their own, and nothing else does: so they can be found and forgotten.

/** A recipient as a request names them. */
export const RecipientInput = Type.Object(
  {
    email: Email,
    name: Type.Optional(Nullable(Text(200))),
    message: Type.Optional(Nullable(LongText(1000))),
  },
  { description: 'Who is mailed the code of a gift card, if not the buyer.' },
)
export type RecipientInput = Static<typeof RecipientInput>

/** A recipient as they are answered. */
export const GiftCardRecipient = Type.Object({
  email: Type.String(),
  name: Nullable(Type.String()),
  message: Nullable(Type.String()),
})
export type GiftCardRecipient = Static<typeof GiftCardRecipient>

/** The columns in which a line keeps its recipient. */
export const RecipientColumns = {
  recipient_email: Nullable(Type.String()),
  recipient_name: Nullable(Type.String()),
  recipient_message: Nullable(Type.String()),
}
type Columns = {
  recipient_email: string | null
  recipient_name: string | null
  recipient_message: string | null
}

/** Of a line that is nobody else's. */
export const NO_RECIPIENT: Readonly<Columns> = {
  recipient_email: null,
  recipient_name: null,
  recipient_message: null,
}

/** A recipient as a line keeps them: the e-mail in the one form in which it is compared. */
export const recipientColumns = (said: RecipientInput | null | undefined): Columns =>
  said
    ? {
        recipient_email: normalEmail(said.email),
        recipient_name: said.name ?? null,
        recipient_message: said.message ?? null,
      }
    : NO_RECIPIENT

/** The recipient that a line keeps; null where the buyer is mailed the code. */
export const recipientOf = (row: Columns): GiftCardRecipient | null =>
  row.recipient_email === null
    ? null
    : {
        email: row.recipient_email,
        name: row.recipient_name,
        message: row.recipient_message,
      }

/** The recipients that lines keep, by what `keyOf` says of a line; those of buyers are left out. */
export const recipientsBy = <Row extends Columns, Key>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): ReadonlyMap<Key, GiftCardRecipient> =>
  new Map(
    rows.flatMap((row) => {
      const recipient = recipientOf(row)
      return recipient ? [[keyOf(row), recipient] as const] : []
    }),
  )

/** Refuses a recipient of what is no gift card: nothing would be mailed to them. */
export function requireGiftCard(
  said: object | null | undefined,
  sellable: { is_gift_card: boolean } | undefined,
  field: string,
): void {
  if (said && !sellable?.is_gift_card) throw invalidField(field, 'is for gift cards only')
}
