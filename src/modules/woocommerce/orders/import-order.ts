import type { Id } from '#kit/ids'
import { parseMoney } from '#kit/money'
import { sellableVariants } from '#modules/catalogue'
import { type PlacedLine, placedLine, placeOrder } from '#modules/orders'
import { adoptPayment, answerOfHosted } from '#modules/payments'
import type { Context } from '#platform/context'
import { wooErrors } from '../errors.ts'
import { keepRef, refNamed } from '../refs.ts'
import { buyerOf, placedAddressOf } from './buyer.ts'
import { factsOfRemote } from './push-order.ts'
import type { WooLine, WooOrder } from './remote.ts'
import { followStatus, wooStatusOf } from './status.ts'
import { orderViewOf } from './view.ts'
import { pricedOf } from './woo-money.ts'

/**
 * Places an order that was made in WooCommerce, with the money that was paid there, and what was
 * paid as a payment by hand: it cannot be refunded from here. Its units are reserved here now.
 * Throws `order_unreadable`, and `insufficient_stock` where the units are not there.
 */
export async function importOrder(ctx: Context, remote: WooOrder): Promise<void> {
  const { currency } = remote
  const lines = await linesOf(ctx, remote)
  const priced = pricedOf(remote, lines)
  const total = parseMoney(remote.total, currency)
  if (priced.total_amount !== total) {
    throw unreadable(`its parts make ${priced.total_amount} and not ${total} minor units`)
  }
  const [shipping] = remote.shipping_lines
  const order = await placeOrder(ctx, {
    cart_id: null,
    customer_id: await buyerOf(ctx, remote),
    currency,
    email: remote.billing.email ?? null,
    shipping_address: placedAddressOf(remote.shipping) ?? placedAddressOf(remote.billing),
    billing_address: placedAddressOf(remote.billing),
    payment_method_id: null,
    notes: remote.customer_note || null,
    prices_include_tax: false,
    lines: lines.map(({ placed }) => placed),
    shipping: shipping ? { code: 'woocommerce', name: shipping.name || 'Shipping' } : null,
    priced,
    holder: null,
  })
  if (remote.paid_at && total > 0) await takePayment(ctx, order.id, { remote, amount: total })
  await keepRef(ctx, {
    kind: 'order',
    entity_id: order.id,
    external_id: String(remote.id),
    snapshot: { here: {}, there: factsOfRemote(remote) },
    remote_modified_at: remote.modified_at,
  })
  await followStatus(ctx, order.id, remote.status)
  const { order: placed } = await orderViewOf(ctx, order.id)
  await keepRef(ctx, {
    kind: 'order',
    entity_id: order.id,
    external_id: String(remote.id),
    snapshot: { here: { status: wooStatusOf(placed) }, there: factsOfRemote(remote) },
    remote_modified_at: remote.modified_at,
  })
}

const unreadable = (problem: string) => wooErrors.order_unreadable({ problem })

/** A line there with what it is here. */
export type ImportedLine = { said: WooLine; placed: PlacedLine }

async function linesOf(ctx: Context, { lines, currency }: WooOrder): Promise<ImportedLine[]> {
  const refs = await Promise.all(lines.map((line) => refFor(ctx, line)))
  const found = await sellableVariants(ctx, { refs, currency })
  if (lines.length === 0) throw unreadable('it has no lines')
  return lines.map((said, nth) => {
    const sellable = found.get(refs[nth] as string)
    if (!sellable) throw unreadable(`nothing here is «${said.sku || said.name}»`)
    return { said, placed: placedLine(sellable, String(nth)) }
  })
}

/** The variant here by what is known of the product there, else by SKU. */
async function refFor(ctx: Context, line: WooLine): Promise<string> {
  const known = await refNamed(ctx, 'variant', String(line.variation_id || line.product_id))
  if (known) return known.entity_id
  if (line.sku === '') throw unreadable(`nothing here is «${line.name}»`)
  return line.sku
}

type Paid = { remote: WooOrder; amount: number }

/** What was paid there is paid here, once: the order's id there names the payment. */
async function takePayment(ctx: Context, order_id: Id<'order'>, { remote, amount }: Paid) {
  const payment_ref = `woocommerce-${remote.id}`
  const { currency } = remote
  const occurred_at = remote.paid_at ?? ctx.now
  await adoptPayment(ctx, {
    order_id,
    provider: 'manual',
    payment_ref,
    answer: answerOfHosted({ payment_ref, amount, currency, occurred_at }),
    payment_method: 'bank_transfer',
  })
}
