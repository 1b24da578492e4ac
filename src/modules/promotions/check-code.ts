import type { Id } from '#kit/ids'
import { formatMoney, parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { codeKey } from './codes.ts'
import { refuse } from './discounts.ts'
import { formatPercent } from './percent.ts'
import type { CheckCode, CheckedCode } from './schemas.ts'
import { refusalOf, type Standing, standings } from './standing.ts'

/** Whether a code could be used now, whatever is in the cart; else why not. */
export async function checkCode(ctx: Context, input: CheckCode): Promise<CheckedCode> {
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const customer_id = customerOf(ctx, input)
  const key = codeKey(input.code)
  const found = await standings(ctx, { codes: [key], currency, customer_id })
  const standing = found.find(({ code_key }) => code_key !== null && code_key === key)
  const reason = standing ? refusalOf(standing, ctx.now) : 'unknown'
  if (!standing || reason) {
    const { code, explanation } = refuse(input.code.trim(), reason ?? 'unknown')
    return { code, valid: false, reason: reason ?? 'unknown', explanation, promotion: null }
  }
  const { code, ...promotion } = toldOf(standing, currency)
  return { code, valid: true, reason: null, explanation: null, promotion }
}

/** Staff ask for anyone; whoever else is asking asks for themselves. */
function customerOf({ actor }: Context, { customer_id }: CheckCode): Id<'customer'> | null {
  const forAnyone = !actor.own_only && actor.may('promotions:read')
  return forAnyone ? (customer_id ?? actor.customer_id) : actor.customer_id
}

function toldOf(standing: Standing, currency: string) {
  const money = (amount: number | null) => (amount === null ? null : formatMoney(amount, currency))
  return {
    code: standing.code as string,
    label: standing.label,
    kind: standing.kind,
    percent: standing.rate_ppm === null ? null : formatPercent(standing.rate_ppm),
    amount: money(standing.fixed_amount),
    minimum_subtotal: money(standing.minimum_amount),
    currency,
    exclusive: standing.exclusive,
  }
}
