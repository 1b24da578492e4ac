import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { carryOver, cartForCheckout, convertCart, recipientsIn } from '#modules/carts'
import { moveOrder, type OrderRow, orderOfMoney, placeOrder } from '#modules/orders'
import { adoptPayment, answerOfHosted } from '#modules/payments'
import { redeem } from '#modules/promotions'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { holderOf } from '../advance.ts'
import { buyerOf } from '../buyer.ts'
import { checkoutEvents } from '../events.ts'
import { payableUntil, saveSession, sessionById, sessionOfCart } from '../sessions.ts'
import type { SessionRow } from '../tables.ts'
import { hostedLifecycle } from './lifecycle.ts'
import { endHosted, hostedById } from './rows.ts'
import type { FrozenOrder, HostedRow } from './tables.ts'

/**
 * Makes the order of what was paid, once, whoever calls how often: at exactly the amount that the
 * payer was charged, in one transaction with its stock, its payment, its coupons and the end of its
 * cart. Where that cannot be had any more (the stock is gone, the cart was dropped), the books get
 * an order that is cancelled at once, and the money goes back.
 */
export async function placeHosted(ctx: ProcessContext, id: HostedRow['id']): Promise<void> {
  try {
    await ctx.transaction((tx) => placeOnce(tx, id), 'read committed')
  } catch (error) {
    if (!(error instanceof DomainError) || error.status >= 500) throw error
    ctx.log.warn({ err: error, hosted_id: id }, 'what was paid cannot be sold: it goes back')
    await ctx.transaction((tx) => giveBack(tx, id, error), 'read committed')
  }
}

type Paid = { row: HostedRow & { placed: FrozenOrder }; order: OrderRow }

async function placeOnce(ctx: Context, id: HostedRow['id']): Promise<void> {
  const row = await lockedPaid(ctx, id)
  if (!row) return
  const stored = await cartForCheckout(ctx, { cart_id: row.cart_id })
  const known = stored.cart.order_id
  if (known) {
    const order = await orderOfMoney(ctx, known)
    return adopt(ctx, { row, order }, { status: 'complete' })
  }
  const session = await sessionFor(ctx, row)
  const { placed } = row
  const bought = { ...session, email: session.email ?? row.customer_email ?? nobody(row) }
  const customer_id = await buyerOf(ctx, bought)
  const holder = holderOf(session)
  const email = placed.email ?? bought.email
  // Whom gift cards are for costs nothing: it is as the cart says now.
  const recipients = recipientsIn(stored.lines)
  const order = await placeOrder(ctx, { ...placed, recipients, email, customer_id, holder })
  const { id: order_id } = order
  await saveSession(ctx, session, {
    change: {
      ...amountsOf(placed),
      customer_id,
      order_id,
      expires_at: payableUntil(ctx),
      held_until: null,
    },
  })
  await carryOver(ctx, stored, boughtUnits(placed))
  await convertCart(ctx, stored, { order_id, told: placed })
  await adopt(ctx, { row, order }, { status: 'complete', placed_now: true })
  const { currency, discounts } = { ...placed, ...placed.priced }
  await redeem(ctx, { order_id, customer_id, currency, discounts })
}

/** The row while its order is missing, under the lock of its cart. */
async function lockedPaid(ctx: Context, id: HostedRow['id']): Promise<Paid['row'] | undefined> {
  const before = await hostedById.first(ctx, { id })
  if (before?.status !== 'paid') return undefined
  await lockEntity(ctx, 'cart', before.cart_id)
  const row = await hostedById.first(ctx, { id })
  if (row?.status !== 'paid') return undefined
  const { placed } = row
  if (!placed) throw new Error(`what was paid for by ${id} is not known any more`)
  return { ...row, placed }
}

/** The checkout that becomes the order: the one that is open now, else the one it was paid in. */
async function sessionFor(ctx: Context, row: HostedRow): Promise<SessionRow> {
  const newest = await sessionOfCart.first(ctx, { cart_id: row.cart_id })
  const session =
    newest?.status === 'open' ? newest : await sessionById.first(ctx, { id: row.checkout_id })
  if (!session) throw new Error(`the checkout of ${row.id} is gone`)
  return session
}

/** Nobody said who buys, and the money is there: the books need a name that reaches nobody. */
const nobody = ({ id }: HostedRow): string => `guest-${id}@guest.invalid`

const amountsOf = ({ priced }: FrozenOrder) => ({
  subtotal_amount: priced.subtotal_amount,
  discount_amount: priced.discount_amount,
  shipping_amount: priced.shipping_amount,
  tax_amount: priced.tax_amount,
  total_amount: priced.total_amount,
})

const boughtUnits = ({ lines, priced }: FrozenOrder): Map<string, number> => {
  const quantities = new Map(priced.lines.map(({ key, quantity }) => [key, quantity]))
  const units = new Map<string, number>()
  for (const { key, variant_id } of lines) {
    if (!variant_id) continue
    units.set(variant_id, (units.get(variant_id) ?? 0) + (quantities.get(key) ?? 0))
  }
  return units
}

type Fate = Pick<End, 'status' | 'because'> & { placed_now?: boolean }

/** The payment becomes one of the order; what that does not want goes back by itself. */
async function adopt(
  ctx: Context,
  { row, order }: Paid,
  { placed_now = false, ...fate }: Fate,
): Promise<void> {
  const { id: order_id, currency, total_amount, customer_id } = order
  const { payment_ref, paid_amount: amount, paid_at: occurred_at } = row
  const paid = amount !== null && occurred_at !== null
  if (!paid || !payment_ref) throw new Error(`the payment of ${row.id} has no name`)
  await adoptPayment(ctx, {
    order_id,
    provider: row.provider,
    payment_ref,
    answer: answerOfHosted({ payment_ref, amount, currency: row.currency, occurred_at }),
    payment_method: 'credit_card',
    ...(placed_now && { placed_now: { currency, total_amount, customer_id, open: true } }),
  })
  await end(ctx, row, { order_id, ...fate })
}

type End = { order_id: Id<'order'>; status: 'complete' | 'returned'; because?: DomainError }

async function end(ctx: Context, row: HostedRow, { order_id, status, because }: End) {
  hostedLifecycle.next(row.status, status === 'complete' ? 'complete' : 'return')
  const { affected } = await endHosted.run(ctx, {
    id: row.id,
    from: row.status,
    status,
    payment_status: row.payment_status,
    order_id,
    failure_code: because?.code ?? null,
    failure_message: because?.message ?? null,
    now: ctx.now,
  })
  if (affected !== 1) throw new TryAgain(`the hosted checkout ${row.id} moved on`)
}

/**
 * An order that holds no stock and is cancelled in the same breath, so that the charge and its way
 * back stand in the books with what they were for. The cart is left as it is.
 */
async function giveBack(ctx: Context, id: HostedRow['id'], because: DomainError): Promise<void> {
  const row = await lockedPaid(ctx, id)
  if (!row) return
  const session = await sessionFor(ctx, row)
  const { placed } = row
  const email = session.email ?? row.customer_email ?? nobody(row)
  const customer_id = await buyerOf(ctx, { ...session, email })
  const lines = placed.lines.map((line) => ({ ...line, item_id: null }))
  const made = await placeOrder(ctx, {
    ...placed,
    email,
    customer_id,
    cart_id: null,
    lines,
    holder: null,
  })
  const order = await moveOrder(ctx, made, 'cancel', { reason: because.message })
  const { cart_id, checkout_id, currency, amount } = row
  const of = { checkout_id, cart_id, order_id: order.id, customer_id }
  emit(ctx, checkoutEvents.payment_returned({ ...of, currency, amount, reason: because.code }))
  await adopt(ctx, { row, order }, { status: 'returned', because })
}
