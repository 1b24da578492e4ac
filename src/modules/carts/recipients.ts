import { type GiftCardRecipient, recipientsBy } from '#modules/credit'
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
  recipientsBy(lines, ({ id }) => id)
