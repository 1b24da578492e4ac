import type { Id } from '#kit/ids'
import { renewCode } from '#modules/credit'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { giftCard, giftCardFrom, type OrderFacts } from './letters/letters.ts'
import type { NewMail } from './queue-mail.ts'
import { SECRET_PLACE } from './secrets.ts'
import { db } from './tables.ts'

const mailAbout = prepared(db, (open, p: { about: string }) =>
  open.selectFrom('mails').select('id').where('about', '=', p.about),
)

/**
 * The mail that tells the code of a card that was bought, which is drawn here and now: so nobody
 * has known it before, and nothing but this mail has it. A card has one such mail; undefined if it
 * was written before, or nothing is left of the card because its unit was given back meanwhile. It
 * goes to the card's recipient, else to the buyer.
 */
export async function giftCardMail(
  ctx: Context,
  facts: OrderFacts,
  told: Omit<NewMail, 'letter' | 'secret'>,
): Promise<NewMail | undefined> {
  if (await mailAbout.first(ctx, { about: `${told.kind} ${told.about}` })) return undefined
  const { card, code } = await renewCode(ctx, told.about as Id<'credit_account'>)
  if (card.balance_amount === 0) return undefined
  const said = { ...card, code: SECRET_PLACE }
  const recipient = mailedTo(card)
  if (!recipient) return { ...told, letter: giftCard(facts, said), secret: code }
  return { ...told, to: recipient, letter: giftCardFrom(facts, said), secret: code }
}

/** Who was erased reaches nobody: their card is the buyer's to hand over. */
const ERASED = '@erased.invalid'

type Card = { recipient_email: string | null; recipient_name: string | null }

/** Whom a card is mailed to, where that is not its buyer. */
export function mailedTo({ recipient_email: email, recipient_name: name }: Card) {
  return email === null || email.endsWith(ERASED) ? undefined : { email, name }
}
