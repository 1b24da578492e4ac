import type { Id } from '#kit/ids'
import type { PricedCart } from '#modules/carts'
import { customerOf } from '#modules/checkout'
import { type OrderRow, type PlacedOrder, placedLine, placeOrder } from '#modules/orders'
import { redeem } from '#modules/promotions'
import type { Context } from '#platform/context'
import type { Wishes } from './choices.ts'
import { agenticErrors } from './errors.ts'
import { holderOf } from './hold.ts'
import type { AgentAddress, AgentPayment } from './schemas.ts'
import type { SessionRow } from './tables.ts'

type Placing = {
  wishes: Wishes
  priced: PricedCart
  payment: AgentPayment | null
  /** What the buyer agreed to just now. */
  accepts_marketing: boolean
  order_notes: string | null
}

/**
 * Places the order of a session, whose lock is held: at the prices that were shown, with the units
 * that are held for it, and its codes are used up.
 */
export async function placeSession(
  ctx: Context,
  session: SessionRow,
  placing: Placing,
): Promise<OrderRow> {
  const { wishes, priced } = placing
  const customer_id = await buyerOf(ctx, placing)
  const wanted = placedOrderOf(ctx, placing, customer_id)
  const holder = session.held_until ? holderOf(session) : null
  const order = await placeOrder(ctx, { ...wanted, holder })
  const { currency } = wishes
  const { discounts } = priced.priced
  await redeem(ctx, { order_id: order.id, customer_id, currency, discounts })
  return order
}

/** The customer with the buyer's e-mail, who is made if there is none yet. */
function buyerOf(ctx: Context, { wishes, accepts_marketing }: Placing): Promise<Id<'customer'>> {
  const { buyer, fulfillment_details: to } = wishes
  const email = emailOf(wishes)
  if (!email) throw agenticErrors.invalid({ field: '$.buyer.email', problem: 'it is required' })
  const [first, last] = namesIn(buyer?.full_name ?? to?.name ?? to?.address?.name ?? 'Guest')
  return customerOf(ctx, {
    email,
    first_name: buyer?.first_name ?? first,
    last_name: buyer?.last_name ?? last,
    phone: buyer?.phone_number ?? to?.phone_number ?? null,
    accepts_marketing,
  })
}

const emailOf = ({ buyer, fulfillment_details }: Wishes): string | undefined =>
  (buyer?.email ?? fulfillment_details?.email)?.toLowerCase()

/** Of a name in one piece, the last word is the family's. */
export function namesIn(name: string): [string, string] {
  const words = name.trim().split(/\s+/)
  const last = words.pop() ?? name
  return [(words.join(' ') || last).slice(0, 100), last.slice(0, 100)]
}

function placedOrderOf(
  ctx: Context,
  { wishes, priced, payment, order_notes }: Placing,
  customer_id: Id<'customer'>,
): Omit<PlacedOrder, 'holder'> {
  const { fulfillment_details: to, currency } = wishes
  const shipping = to?.address ?? null
  const billing = payment?.billing_address ?? shipping
  return {
    cart_id: null,
    customer_id,
    currency,
    email: emailOf(wishes) ?? null,
    // What is not sent goes nowhere, whatever address served for its tax.
    shipping_address:
      priced.needs_shipping && shipping ? addressOf(shipping, to?.phone_number) : null,
    billing_address: billing && addressOf(billing),
    payment_method_id: null,
    notes: order_notes,
    prices_include_tax: ctx.settings.prices_include_tax,
    lines: priced.lines.map(({ line, sellable }) => placedLine(sellable, line.id)),
    shipping: priced.shipping && { code: priced.shipping.code, name: priced.shipping.name },
    priced: priced.priced,
  }
}

type OrderAddress = NonNullable<PlacedOrder['shipping_address']>

/** An address as orders keep it. */
const addressOf = (address: AgentAddress, phone?: string | null): OrderAddress => ({
  name: address.name.slice(0, 200),
  ...(address.company && { company: address.company }),
  street: address.line_one,
  ...(address.line_two && { street2: address.line_two }),
  city: address.city,
  // Orders want one, and not every country has any.
  state: address.state || address.country,
  postal_code: address.postal_code,
  country: address.country.toUpperCase(),
  ...(phone && { phone }),
})
