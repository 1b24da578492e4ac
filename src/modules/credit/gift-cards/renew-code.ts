import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { codeHash, drawCode, lastFour } from '../codes.ts'
import { giftCardEvents } from '../events.ts'
import { db, type GiftCardRow } from '../tables.ts'
import { giftCardToChange, printGiftCard, type StoredCard } from './find.ts'
import type { GetGiftCard, NewGiftCard } from './schemas.ts'

const setCode = prepared(
  db,
  (open, p: Pick<GiftCardRow, 'account_id' | 'code_hash' | 'last_four'>) =>
    open
      .updateTable('gift_cards')
      .set({ code_hash: p.code_hash, last_four: p.last_four })
      .where('account_id', '=', p.account_id),
)

/**
 * Draws a new code for a card, in the caller's transaction; the former one pays no more. The caller
 * tells it once, to whom it belongs, and keeps it nowhere. Throws `gift_card_not_found`.
 */
export async function renewCode(
  ctx: Context,
  account_id: Id<'credit_account'>,
): Promise<{ card: StoredCard; code: string }> {
  const card = await giftCardToChange(ctx, account_id)
  const code = drawCode()
  const last_four = lastFour(code)
  await setCode.run(ctx, { account_id, code_hash: codeHash(code), last_four })
  const { customer_id, currency, balance_amount } = card
  emit(
    ctx,
    giftCardEvents.code_renewed({ account_id, customer_id, currency, balance_amount, last_four }),
  )
  return { card: { ...card, last_four }, code }
}

/** A card whose code was lost or seen by others gets another one, which is told this once. */
export async function renewGiftCardCode(ctx: Context, { id }: GetGiftCard): Promise<NewGiftCard> {
  const { card, code } = await renewCode(ctx, id)
  return { ...printGiftCard(ctx, card), code }
}
