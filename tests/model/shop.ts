import { type Method, Payment, paymentStatus } from './money.ts'
import { type Sku, Stock, type Want } from './stock.ts'

export const PRICES: Record<Sku, number> = { MUG: 1250, TEA: 400, CUP: 99 }
export const STATUSES = [
  'pending',
  'confirmed',
  'processing',
  'on_hold',
  'shipped',
  'delivered',
  'cancelled',
  'exchanged',
  'refunded',
] as const
type Status = (typeof STATUSES)[number]

const MOVES: Record<Status, readonly Status[]> = {
  pending: ['confirmed', 'processing', 'on_hold', 'cancelled'],
  confirmed: ['processing', 'on_hold', 'cancelled'],
  processing: ['on_hold', 'shipped', 'cancelled'],
  on_hold: ['processing', 'cancelled'],
  shipped: ['on_hold', 'delivered'],
  delivered: ['exchanged', 'refunded'],
  cancelled: ['refunded'],
  exchanged: ['refunded'],
  refunded: [],
}
type Tender = { method: Method; manual: boolean; part?: number | undefined }
const CLOSED: readonly Status[] = ['cancelled', 'refunded', 'exchanged']
const FINISHED: readonly Status[] = ['delivered', ...CLOSED]
const ABANDONED_AFTER = 30 * 60_000

export type Order = {
  lines: readonly Want[]
  total: number
  status: Status
  paid: string
  fulfilled: boolean
  archived: boolean
  deleted: boolean
}

/** The whole shop in memory: what every answer must be, step by step. Amounts are minor units. */
export class Shop {
  readonly stock = new Stock()
  readonly orders: Order[] = []
  readonly payments: Payment[] = []
  now: number

  constructor(now: number) {
    this.now = now
  }

  place(lines: readonly Want[]): 201 | 422 {
    const holder = `order ${this.orders.length}`
    if (!this.stock.reserve(holder, lines, { byHand: false, now: this.now })) return 422
    const total = lines.reduce((sum, line) => sum + this.unitAmount(line) * line.quantity, 0)
    const fresh = { status: 'pending' as const, paid: 'pending', fulfilled: false }
    this.orders.push({ lines, total, ...fresh, archived: false, deleted: false })
    return 201
  }

  /** What each unit of a line costs now. */
  unitAmount = ({ sku }: Want): number => PRICES[sku]

  /** What the order costs and nobody has paid or holds for it. */
  due = (nth: number) =>
    (this.orders[nth]?.total ?? 0) -
    this.of(nth).reduce((covered, payment) => covered + payment.covered, 0)

  /** Pays what is due, or a part of it. */
  pay(nth: number, { method, manual, part }: Tender): number {
    const order = this.order(nth)
    const due = this.due(nth)
    if (order.deleted) return 404
    if (!this.isOpen(order) || this.of(nth).some((one) => one.isUndecided) || due <= 0) return 409
    const amount = part ?? due
    if (amount > due) return 400
    const payment = new Payment({ order: nth, method, manual, amount, now: this.now })
    this.payments.push(payment)
    this.settle(payment, () => payment.begin())
    return payment.status === 'failed' ? 402 : 201
  }

  confirm(nth: number): number {
    const payment = this.payment(nth)
    if (['authorized', 'succeeded'].includes(payment.status)) return 200
    if (payment.status === 'failed') return 402
    if (payment.status !== 'requires_action' || payment.isBusy) return 409
    this.settle(payment, () => {
      if (payment.method === '3ds') payment.succeed()
      else payment.charge = 'failed'
    })
    return payment.charge === 'failed' ? 402 : 200
  }

  capture(nth: number, amount: number | undefined): number {
    const payment = this.payment(nth)
    // What is held can be taken in any state; where nothing is, the state says why not.
    if (payment.freeHeld <= 0 && !['authorized', 'succeeded'].includes(payment.status)) return 409
    const wanted = amount ?? payment.freeHeld
    if (wanted <= 0 || wanted > payment.freeHeld) return 422
    if (payment.isBusy) return 409
    return this.ask(payment, { operation: 'capture', amount: wanted }) ? 200 : 422
  }

  void(nth: number): number {
    const payment = this.payment(nth)
    const left = Math.max(payment.freeHeld, 0)
    const mayVoid = ['requires_action', 'authorized'].includes(payment.status)
    if ((left === 0 || payment.captured === 0) && !mayVoid) return 409
    if (payment.isBusy) return 409
    return this.ask(payment, { operation: 'void', amount: left }) ? 200 : 422
  }

  refund(nth: number, amount: number | undefined): number {
    const payment = this.payment(nth)
    if (!['succeeded', 'partially_refunded'].includes(payment.status)) return 409
    const wanted = amount ?? payment.refundable
    if (wanted <= 0 || wanted > payment.refundable) return 422
    return this.ask(payment, { operation: 'refund', amount: wanted }) ? 201 : 422
  }

  cancel(nth: number): 200 | 404 | 409 {
    return this.move(nth, 'cancelled')
  }

  move(nth: number, to: Status): 200 | 404 | 409 {
    const order = this.order(nth)
    if (order.deleted) return 404
    if (order.status === 'confirmed' && to === 'shipped') this.enter(nth, 'processing')
    else if (!MOVES[order.status].includes(to)) return 409
    // Held after it had left: the goods must come back first.
    else if (to === 'cancelled' && order.fulfilled) return 409
    this.enter(nth, to)
    return 200
  }

  delete(nth: number): 204 | 404 | 409 {
    const order = this.order(nth)
    if (order.deleted) return 404
    if (order.status !== 'pending' && order.status !== 'cancelled') return 409
    if (order.status === 'pending') this.enter(nth, 'cancelled')
    order.deleted = true
    return 204
  }

  archive(nth: number): 200 | 404 | 409 {
    const order = this.order(nth)
    if (order.deleted) return 404
    if (!order.archived && !FINISHED.includes(order.status)) return 409
    order.archived = true
    return 200
  }

  /** Time goes by, and all that waits in the background comes to its end. */
  wait(ms: number): void {
    this.now += ms
    this.stock.expire(this.now)
    this.catchUp()
  }

  /** What became of every call is found out, and whoever waits too long for a payer gives up. */
  protected catchUp(): void {
    this.sweep()
    for (const payment of this.payments) {
      const waits = payment.status === 'requires_action' && !payment.isBusy
      if (waits && payment.touched < this.now - ABANDONED_AFTER) {
        this.ask(payment, { operation: 'void', amount: 0 })
      }
    }
    this.sweep()
  }

  protected sweep(): void {
    for (const payment of this.payments) {
      for (let asked = payment.open.shift(); asked; asked = payment.open.shift()) {
        const done = asked
        this.settle(payment, () => payment.perform(done))
      }
    }
  }

  protected ask(payment: Payment, asked: Parameters<Payment['perform']>[0]): boolean {
    payment.touched = this.now
    if (payment.isLost(asked.operation)) {
      payment.open.push(asked)
      return true
    }
    let done = false
    this.settle(payment, () => {
      done = payment.perform(asked)
    })
    return done
  }

  /** Lets the provider's news become true: the order follows, and money nobody owes goes back. */
  protected settle(payment: Payment, news: () => unknown): void {
    const { captured, held, voided, refunded, status, covered } = payment
    news()
    const brings = payment.captured > captured || payment.held > held
    const became = (what: string) => payment.status === what && status !== what
    const ends = payment.voided > voided || became('cancelled') || payment.refunded > refunded
    if (payment.status !== status || brings || ends) payment.touched = this.now
    if (brings || ends || became('failed')) {
      this.follow(payment.order, became('failed') && !brings && !ends)
    }
    if (payment.captured <= captured && payment.covered <= covered) return
    const owed = this.isOpen(this.order(payment.order)) ? this.order(payment.order).total : 0
    const paid = this.of(payment.order).reduce((sum, one) => sum + one.covered, 0)
    if (paid > owed) this.giveBack(payment, paid - owed)
  }

  protected follow(nth: number, failed: boolean): void {
    const order = this.order(nth)
    const paid = paymentStatus(order.total, this.of(nth), failed)
    if (paid === order.paid) return
    order.paid = paid
    if (paid === 'paid') this.stock.end(`order ${nth}`, 'confirmed')
    if (paid === 'paid' && order.status === 'pending') this.enter(nth, 'confirmed')
  }

  protected giveBack(payment: Payment, most: number): void {
    const isVoiding = payment.open.some(({ operation }) => operation === 'void')
    const free = isVoiding ? 0 : Math.max(payment.freeHeld, 0)
    const held = free <= most ? free : 0
    const taken = Math.min(payment.refundable, most - held)
    const waits = payment.status === 'requires_action' && !isVoiding
    if (held > 0 || waits) payment.open.push({ operation: 'void', amount: held })
    if (taken > 0) payment.open.push({ operation: 'refund', amount: taken })
  }

  protected enter(nth: number, status: Status): void {
    const order = this.order(nth)
    order.status = status
    const holder = `order ${nth}`
    if (status === 'confirmed' || status === 'processing') this.stock.end(holder, 'confirmed')
    if (status === 'shipped') {
      this.stock.end(holder, 'consumed')
      order.fulfilled = true
    }
    if (status !== 'cancelled') return
    this.stock.end(holder, 'released')
    for (const payment of this.of(nth)) this.giveBack(payment, payment.amount)
  }

  protected isOpen = ({ status, deleted }: Order) => !deleted && !CLOSED.includes(status)
  protected order = (nth: number) => this.orders[nth] as Order
  protected payment = (nth: number) => this.payments[nth] as Payment
  protected of = (order: number) => this.payments.filter((payment) => payment.order === order)
}
