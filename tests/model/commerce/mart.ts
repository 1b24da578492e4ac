import type { Method as Token } from '../money.ts'
import type { Cart, Told } from './carts.ts'
import { type Checkout, Checkouts, LIFE_MS, seen } from './checkouts.ts'
import type { BilledLine } from './edits.ts'
import { CUTS, type Limited } from './terms.ts'
import { grossOfShipping } from './till.ts'

const PUT_OFF_MS = 10 * 60_000

type Completed = { status: number; isNew?: boolean; payment?: string | null }

/** The whole shop in memory, from a visitor's cart to a refund. */
export class Mart extends Checkouts {
  /** Places the order and pays it; pays it again if it was declined. */
  complete(nth: number, token: Token | undefined): Completed {
    const checkout = this.checkout(nth)
    if (!this.isUsable(checkout)) return { status: 409 }
    if (checkout.order !== undefined) return this.#payAgain(checkout, checkout.order, token)
    const cart = this.cart(checkout.cart)
    if (!this.isLive(checkout)) return { status: 409 }
    if (cart.lines.length === 0) return { status: 422 }
    const told = this.toldFor(cart, checkout)
    if (!checkout.who) return { status: 422 }
    if (told.isSent && !(checkout.destination && told.method)) return { status: 422 }
    if (told.bill.total !== checkout.shown) {
      Object.assign(checkout, seen(told))
      return { status: 409 }
    }
    const means = token ?? checkout.token
    if (told.bill.total > 0 && !means) return { status: 422 }
    return this.#placeCart(nth, told, means)
  }

  #placeCart(nth: number, told: Told, means: Token | undefined): Completed {
    const checkout = this.checkout(nth)
    const cart = this.cart(checkout.cart)
    const by = cart.owner === 'ada' ? 'ada' : (checkout.who as string)
    const order = this.orders.length
    const undo = this.stock.remember()
    if (!this.#takeOver(`checkout ${nth}`, `order ${order}`, cart)) {
      undo()
      return { status: 422 }
    }
    const cuts = CUTS.filter(({ name }) => told.bill.taken.has(name))
    if (cuts.some(({ name }) => name !== 'AUTO' && this.refusalOf(name, by))) {
      undo()
      return { status: 409 }
    }
    for (const { name } of cuts as readonly Limited[]) {
      this.uses.push({ cut: name, order, by, isLive: true })
    }
    this.#book(checkout, cart, told)
    Object.assign(cart, {
      status: 'converted',
      converting: false,
      order,
      version: cart.version + 1,
    })
    const isFree = told.bill.total === 0
    const ends = this.now + LIFE_MS
    Object.assign(checkout, seen(told), { order, ends, heldUntil: undefined })
    checkout.status = isFree ? 'complete' : 'open'
    if (isFree) this.stock.end(`order ${order}`, 'confirmed')
    if (isFree || !means) return { status: 201, isNew: false, payment: null }
    checkout.token = means
    return this.#take(order, means)
  }

  /** What was held becomes the order's, if it is just what it needs; else all is promised anew. */
  #takeOver(from: string, to: string, cart: Cart): boolean {
    const moved = this.stock.transfer(from, to, this.now)
    const wants = this.wants(cart)
    const fits =
      moved.size === wants.length && wants.every(({ sku, quantity }) => moved.get(sku) === quantity)
    if (fits) return true
    this.stock.end(to, 'released')
    this.stock.end(from, 'released')
    return wants.length === 0 || this.stock.reserve(to, wants, { byHand: false, now: this.now })
  }

  #book({ cart: nth, destination }: Checkout, cart: Cart, { bill, isSent }: Told): void {
    const isFree = bill.total === 0
    const status = isFree ? ('confirmed' as const) : ('pending' as const)
    const fresh = { status, paid: isFree ? 'paid' : 'pending', fulfilled: false }
    const open = { archived: false, deleted: false }
    this.orders.push({ lines: this.wants(cart), total: bill.total, ...fresh, ...open })
    const lines = cart.lines.map(({ key, sku, quantity }): BilledLine => {
      const unit = this.unitAmount({ sku, quantity })
      return { sku, quantity, unit, gross: bill.gross.get(key) ?? 0 }
    })
    const { subtotal, discount, shipping, tax } = bill
    const sums = { subtotal, discount, shipping, tax, shippingGross: grossOfShipping(bill) }
    // What is sent nowhere is taxed later on where the shop is.
    const to = isSent ? destination : undefined
    this.bills.push({ cart: nth, destination: to, lines, ...sums, returns: [] })
  }

  #take(order: number, method: Token): Completed {
    const status = this.pay(order, { method, manual: false })
    const payment = this.of(order).at(-1)
    if (status !== 201 && status !== 402) return { status }
    return { status, isNew: true, payment: payment?.status ?? null }
  }

  #payAgain(checkout: Checkout, order: number, token: Token | undefined): Completed {
    const total = this.orders[order]?.total ?? 0
    const payments = this.of(order)
    const brought = payments.findLast(({ authorized }) => authorized > 0)
    const decided = { status: 201, isNew: false, payment: brought?.status ?? null }
    const covered = payments.reduce((sum, one) => sum + one.covered, 0)
    if (total === 0 || checkout.status === 'complete' || covered >= total) return decided
    const underWay = payments.find(({ isUndecided }) => isUndecided)
    if (underWay) return { ...decided, payment: underWay.status }
    if (!this.isLive(checkout)) return { status: 409 }
    if (checkout.shown !== total) {
      checkout.shown = total
      return { status: 409 }
    }
    const means = token ?? checkout.token
    if (!means) return { status: 422 }
    const taken = this.#take(order, means)
    if (taken.isNew) checkout.token = means
    return taken
  }

  /** The payer comes back from 3-D Secure. */
  confirmCheckout(nth: number): number {
    const { order } = this.checkout(nth)
    if (order === undefined) return 409
    const last = this.of(order).at(-1)
    if (last?.status === 'requires_action') return this.confirm(this.payments.indexOf(last))
    return last?.status === 'failed' ? 402 : 200
  }

  cancelCheckout(nth: number): 204 | 409 {
    const checkout = this.checkout(nth)
    if (!this.isUsable(checkout) || checkout.status === 'complete') return 409
    if (checkout.status === 'expired') return 204
    const { order } = checkout
    const isBusy = (status: string) => status === 'pending' || status === 'processing'
    if (order !== undefined && this.of(order).some(({ status }) => isBusy(status))) return 409
    this.#end(nth)
    return 204
  }

  /** Without a paid order: everything goes back. */
  #end(nth: number): void {
    const checkout = this.checkout(nth)
    const cart = this.cart(checkout.cart)
    const { order } = checkout
    if (order !== undefined) {
      const { status, paid } = this.order(order)
      if (status === 'pending' && ['pending', 'failed'].includes(paid))
        this.enter(order, 'cancelled')
    } else if (cart.status === 'open' && cart.converting) {
      Object.assign(cart, { converting: false, version: cart.version + 1 })
    }
    this.#expire(nth)
  }

  #expire(nth: number): void {
    const checkout = this.checkouts[nth]
    if (checkout?.status !== 'open') return
    this.stock.end(`checkout ${nth}`, 'released')
    checkout.status = 'expired'
    checkout.heldUntil = undefined
    checkout.token = undefined
  }

  override abandon(nth: number): 204 | 409 {
    const status = super.abandon(nth)
    if (status === 204) this.#expire(this.newestOf(nth))
    return status
  }

  protected override enter(nth: number, status: Parameters<Checkouts['enter']>[1]): void {
    super.enter(nth, status)
    const cart = this.bills[nth]?.cart
    if (status !== 'cancelled' || cart === undefined) return
    for (const use of this.uses) if (use.order === nth) use.isLive = false
    this.#expire(this.newestOf(cart))
  }

  protected override follow(nth: number, failed: boolean): void {
    const before = this.order(nth).paid
    super.follow(nth, failed)
    const { paid, status } = this.order(nth)
    if (paid === before || !['authorized', 'paid'].includes(paid)) return
    const checkout = this.checkouts.find((one) => one.order === nth)
    // One that has ended with its order stays so: the money goes back.
    const isOver = checkout?.status === 'expired' && status === 'cancelled'
    if (checkout && !isOver) Object.assign(checkout, { status: 'complete', token: undefined })
  }

  /** What is due at this instant, as the schedules do it. */
  sweep_checkouts(): void {
    for (const [nth, checkout] of this.checkouts.entries()) {
      if (checkout.status !== 'open' || checkout.ends > this.now) continue
      const { order } = checkout
      const waits = ({ status }: { status: string }) => ['pending', 'processing'].includes(status)
      if (order !== undefined && this.of(order).some(waits)) checkout.ends = this.now + PUT_OFF_MS
      else this.#end(nth)
    }
  }

  /** One round of all schedules. */
  round(): void {
    this.stock.expire(this.now)
    this.catchUp()
    this.sweep_checkouts()
  }
}
