import type { PricedCart } from '#modules/carts'
import type { Wishes } from './choices.ts'
import type { Shortages } from './hold.ts'
import { discountsOf } from './money.ts'
import type { SessionLine, SessionMessage } from './parts.ts'
import type { AgentSession } from './schemas.ts'

type Known = {
  priced: PricedCart
  short: Shortages
  lines: readonly SessionLine[]
  before?: AgentSession | undefined
}

export const error = (
  code: string,
  param: string | null,
  content: string,
  resolution: SessionMessage['resolution'] = 'recoverable',
): SessionMessage => ({ type: 'error', code, param, content, resolution })

const warning = (code: string, param: string | null, content: string): SessionMessage => ({
  type: 'warning',
  code,
  param,
  content,
  resolution: null,
})

const ADDRESS = '$.fulfillment_details.address'

/** What stands in the way of the payment, and what has changed since the session was shown. */
export function messagesOf(wishes: Wishes, known: Known): SessionMessage[] {
  const { priced, lines, before } = known
  return [
    ...wayOf(wishes, priced),
    ...lines.flatMap((line, nth) => ofLine(line, nth)),
    ...discountsOf(wishes, priced).rejected.map(({ code, reason, explanation }) =>
      warning(reason, codeParam(wishes, code), `${code}: ${explanation}.`),
    ),
    ...changesOf(lines, before),
  ]
}

function wayOf({ fulfillment_details }: Wishes, { needs_shipping, shipping }: PricedCart) {
  if (!needs_shipping || shipping) return []
  if (fulfillment_details?.address) {
    const content = 'Nothing can be sent to this address.'
    return [error('region_restricted', ADDRESS, content, 'requires_buyer_input')]
  }
  return [error('missing', ADDRESS, 'Say where it goes: shipping and taxes depend on it.')]
}

function ofLine(line: SessionLine, nth: number): SessionMessage[] {
  const { availability, available_quantity, name, quantity } = line
  if (availability === 'out_of_stock') {
    return [error('out_of_stock', `$.line_items[${nth}]`, `${name} is out of stock.`)]
  }
  if (available_quantity === null || available_quantity >= quantity) return []
  const content = `Only ${available_quantity} of ${name} are in stock.`
  return [error('quantity_exceeded', `$.line_items[${nth}].quantity`, content)]
}

/** Codes are compared without regard to case. */
function codeParam({ codes }: Wishes, code: string): string {
  const nth = codes.findIndex((one) => one.trim().toLowerCase() === code.toLowerCase())
  return nth < 0 ? '$.discounts.codes' : `$.discounts.codes[${nth}]`
}

function changesOf(lines: readonly SessionLine[], before: AgentSession | undefined) {
  const seen = new Map(
    before?.lines.map(({ id, unit_amount, quantity }) => [id, { unit_amount, quantity }]),
  )
  return lines.flatMap(({ id, name, unit_amount, quantity }, nth) => {
    const was = seen.get(id)
    // Another quantity may have another price: then nobody was told a wrong one.
    if (!was || was.unit_amount === unit_amount || was.quantity !== quantity) return []
    return [warning('price_change', `$.line_items[${nth}]`, `The price of ${name} has changed.`)]
  })
}
