import { parseMoney } from '#kit/money'
import type { Priced, PricedPart, PricedTax } from '#modules/pricing'
import { wooErrors } from '../errors.ts'
import type { ImportedLine } from './import-order.ts'
import type { WooOrder } from './remote.ts'

type Amounts = { base: number; net: number; tax: number }
const DISCOUNT = 'woocommerce'

/**
 * The money of an order of WooCommerce, as it was paid there: nothing is computed again. Lines are
 * without tax there, and discounts are what a line costs less than before. Fees stand with the
 * shipping, because an order here has no other place for them.
 */
export function pricedOf(remote: WooOrder, lines: readonly ImportedLine[]): Priced {
  const minor = (text: string) => amountOf(text, remote.currency)
  const priced = lines.map(({ said, placed }) => {
    const { quantity } = said
    if (quantity < 1) throw wooErrors.order_unreadable({ problem: `${quantity} units are none` })
    const [before, net] = [minor(said.subtotal), minor(said.total)]
    // Units have one whole price each here; what that makes too much is taken off again.
    const unit_amount = Math.ceil(Math.max(before, net) / quantity)
    const part = partOf({ base: unit_amount * quantity, net, tax: minor(said.total_tax) })
    return { ...part, key: placed.key, quantity, unit_amount }
  })
  const costs = [...remote.shipping_lines, ...remote.fee_lines]
  const sum = (of: 'total' | 'total_tax') => costs.reduce((all, cost) => all + minor(cost[of]), 0)
  const net = sum('total')
  const shipping = costs.length > 0 ? partOf({ base: net, net, tax: sum('total_tax') }) : null
  const parts: PricedPart[] = shipping ? [...priced, shipping] : priced
  const total = (of: 'gross_amount' | 'net_amount' | 'tax_amount' | 'discount_amount') =>
    parts.reduce((all, part) => all + part[of], 0)
  const discount_amount = total('discount_amount')
  return {
    lines: priced,
    shipping,
    discounts: discount_amount > 0 ? [discountOf(discount_amount)] : [],
    refused: [],
    taxes: [taxOf({ net: total('net_amount'), tax: total('tax_amount') })],
    subtotal_amount: priced.reduce((all, { base_amount }) => all + base_amount, 0),
    discount_amount,
    shipping_amount: net,
    tax_amount: total('tax_amount'),
    total_amount: total('gross_amount'),
  }
}

/** Four decimals are usual there; what is no whole minor unit is refused. */
function amountOf(text: string, currency: string): number {
  if (text === '') return 0
  if (!/^\d+(\.\d+)?$/.test(text)) {
    throw wooErrors.order_unreadable({ problem: `«${text}» is no amount` })
  }
  const [whole = '0', decimals = ''] = text.split('.')
  const kept = decimals.replace(/0+$/, '')
  try {
    return parseMoney(kept === '' ? whole : `${whole}.${kept}`, currency)
  } catch {
    throw wooErrors.order_unreadable({ problem: `«${text}» is no whole minor unit` })
  }
}

function partOf({ base, net, tax }: Amounts): PricedPart {
  const discount_amount = Math.max(0, base - net)
  return {
    base_amount: discount_amount + net,
    discount_amount,
    discounts: discount_amount > 0 ? [{ discount_id: DISCOUNT, amount: discount_amount }] : [],
    net_amount: net,
    tax_amount: tax,
    gross_amount: net + tax,
    taxes: [taxOf({ net, tax })],
  }
}

/** All taxes of a part as one: WooCommerce has its own rates and names of them. */
const taxOf = ({ net, tax }: Omit<Amounts, 'base'>): PricedTax => ({
  name: 'Tax in WooCommerce',
  jurisdiction: 'woocommerce',
  rate_ppm: net > 0 ? Math.round((tax * 1_000_000) / net) : 0,
  reason: tax > 0 ? 'standard' : 'zero_rated',
  taxable_amount: net,
  amount: tax,
})

const discountOf = (amount: number) => ({
  id: DISCOUNT,
  code: null,
  label: 'Discount in WooCommerce',
  amount,
  explanation: 'As it was given in WooCommerce',
})
