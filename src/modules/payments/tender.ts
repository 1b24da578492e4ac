import type { Id } from '#kit/ids'
import { creditErrors, storeCreditOf, usableAccount } from '#modules/credit'
import type { Context } from '#platform/context'
import { paymentErrors } from './errors.ts'
import type { Payable } from './payable.ts'
import { type PaymentProvider, paymentProviders } from './provider.ts'
import type { CreatePayment } from './schemas.ts'

type Method = CreatePayment['payment_method']
type Asked = Pick<CreatePayment, 'payment_method' | 'payment_method_id'> & {
  /** The gift card or store credit that pays: who asks knows its code, or may use it. */
  credit_account_id?: Id<'credit_account'> | undefined
}

const BY_HAND = new Set<Method>(['bank_transfer', 'cash', 'check'])
const CREDIT = new Set<Method>(['gift_card', 'store_credit'])

/** Whether it is paid from what the buyer has with the shop. */
export const isCredit = ({ payment_method }: Asked): boolean => CREDIT.has(payment_method)

/**
 * Who moves the money: cash, cheques and transfers are recorded by staff, credit is the house's
 * own; everything else is the business of the provider that the settings name.
 */
export function providerFor(ctx: Context, asked: Asked): PaymentProvider {
  const { payment_method } = asked
  const byHand = BY_HAND.has(payment_method)
  if (byHand && ctx.actor.own_only) {
    throw paymentErrors.staff_only({ action: `record a payment by ${payment_method}` })
  }
  const { active, named } = paymentProviders.of(ctx)
  const provider = byHand ? named('manual') : isCredit(asked) ? named('credit') : active
  if (!provider) throw paymentErrors.not_configured({ payment_method })
  return provider
}

/** With what it is paid, as the provider is told; `most` is what is there, where that is known. */
export type Tender = { means: string | null; most?: number }

/**
 * The account that pays, where credit does: the one that is named, else what the order's customer
 * has. Throws `disabled`, `expired`, `currency_differs`, `none`.
 */
export async function tenderFor(
  ctx: Context,
  asked: Asked,
  { currency, customer_id }: Payable,
): Promise<Tender> {
  if (!isCredit(asked)) return { means: asked.payment_method_id ?? null }
  const { credit_account_id: account_id } = asked
  const account = account_id
    ? await usableAccount(ctx, { account_id, currency })
    : customer_id && (await storeCreditOf(ctx, { customer_id, currency }))
  if (!account) throw creditErrors.none({ currency })
  return { means: account.id, most: account.balance_amount }
}
