import { formatMoney } from '#kit/money'
import type { ProcessContext } from '#platform/processes'
import { cardByGuess } from './guesses.ts'
import type { CheckBalance, GiftCardBalance } from './schemas.ts'

/**
 * What is on the card with this code, for whoever knows it. Codes cannot be guessed; who tries all
 * the same is refused for the rest of an hour. Throws `code_unknown`, `too_many_guesses`.
 */
export async function checkBalance(
  ctx: ProcessContext,
  { code }: CheckBalance,
): Promise<GiftCardBalance> {
  const card = await cardByGuess(ctx, code)
  const { last_four, status, currency, balance_amount, expires_at } = card
  const balance = formatMoney(balance_amount, currency)
  return { last_four, status, currency, balance, expires_at }
}
