import { type GiftCardRecipient, recipientOf } from '#modules/credit'
import { invalidField } from '#platform/operations'
import type { LineRow } from './tables.ts'

/**
 * What makes a line one of its own: the variant, and of a gift card also who is mailed its code.
 * The unique index of the lines says the same.
 */
export const lineKey = ({
  variant_id,
  recipient_email,
}: Pick<LineRow, 'variant_id' | 'recipient_email'>): string =>
  `${variant_id} ${recipient_email ?? ''}`

/** Who is mailed the codes of gift cards, by line, as `placeOrder` wants them. */
export const recipientsIn = (lines: readonly LineRow[]): ReadonlyMap<string, GiftCardRecipient> =>
  new Map(
    lines.flatMap((line) => {
      const recipient = recipientOf(line)
      return recipient ? [[line.id, recipient] as const] : []
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
