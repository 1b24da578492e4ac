import { parseCurrency, parseMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { issueCredit, storeCreditOf, told } from '../credit.ts'
import { creditErrors } from '../errors.ts'
import { storeCreditEvents } from '../events.ts'
import { requireCustomer } from '../gift-cards/issue-gift-cards.ts'
import { book, type CreditReference } from '../ledger.ts'
import { findStoreCredit, printStoreCredit } from './queries.ts'
import type { DeductStoreCredit, GrantStoreCredit, StoreCredit } from './schemas.ts'

/** Gives a customer store credit. Throws CUSTOMER_NOT_FOUND, `too_much`, `reference_taken`. */
export async function grantStoreCredit(
  ctx: Context,
  input: GrantStoreCredit,
): Promise<StoreCredit> {
  const { customer_id, reason } = input
  await requireCustomer(ctx, customer_id)
  const { currency, amount } = moneyOf(input)
  const reference = referenceOf(ctx, input, 'staff_grant')
  const { account_id } = await issueCredit(ctx, {
    customer_id,
    currency,
    amount,
    reason,
    reference,
  })
  return printStoreCredit(await findStoreCredit(ctx, account_id))
}

/** Takes store credit away, at most what is there. Throws `none`, `insufficient`. */
export async function deductStoreCredit(
  ctx: Context,
  input: DeductStoreCredit,
): Promise<StoreCredit> {
  const { customer_id, reason } = input
  await requireCustomer(ctx, customer_id)
  const { currency, amount } = moneyOf(input)
  const account = await storeCreditOf(ctx, { customer_id, currency })
  if (!account) throw creditErrors.none({ currency })
  const reference = referenceOf(ctx, input, 'staff_deduction')
  const booked = await book(ctx, account, { kind: 'deducted', amount: -amount, reference, reason })
  if (!booked.known) emit(ctx, storeCreditEvents.deducted({ ...told(account, booked), reason }))
  return printStoreCredit(await findStoreCredit(ctx, account.id))
}

type Asked = GrantStoreCredit | DeductStoreCredit

function moneyOf(input: Asked): { currency: string; amount: number } {
  const currency = parseCurrency(input.currency)
  const amount = parseMoney(input.amount, currency)
  if (amount <= 0) throw invalidField('amount', 'must be above zero')
  return { currency, amount }
}

/** Without a reference of the caller's each call is one of its own. */
const referenceOf = (
  ctx: Context,
  { reference_id }: Asked,
  reference_type: string,
): CreditReference => ({ reference_type, reference_id: reference_id ?? ctx.newId('booking') })
