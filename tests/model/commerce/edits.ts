import { type Part, type Payment, paymentStatus } from '../money.ts'
import { PRICES, Shop } from '../shop.ts'
import type { Sku, Want } from '../stock.ts'
import { type Destination, isDigital, type Put, Terms, type Ware } from './terms.ts'
import { bill, type Tax } from './till.ts'

/** A line of an order and what of it went back. */
export type BilledLine = { sku: Ware; quantity: number; unit: number; gross: number }
type Return = {
  units: Map<BilledLine, { units: number; amount: number }>
  shipping: number
  parts: Part[]
}
/** What an order says of its money. */
export type Billed = {
  cart?: number | undefined
  destination: Destination | undefined
  lines: BilledLine[]
  subtotal: number
  discount: number
  shipping: number
  shippingGross: number
  tax: number
  returns: Return[]
}
export type Settings = { taxIncluded: boolean; roundedBy: 'line' | 'document' }
export type Wanted = { line: number; units: number; shipping: boolean; goodwill: number }
type Answer = { status: number; amount?: number }

const EDITABLE = ['pending', 'confirmed', 'processing', 'on_hold']

/** A shop whose prices change, and whose orders are edited and refunded by their lines. */
export class Edits extends Shop {
  readonly bills: Billed[] = []
  readonly terms = new Terms({ ...PRICES, PDF: 333 })
  readonly settings: Settings

  constructor(now: number, settings: Settings) {
    super(now)
    this.settings = settings
  }

  override unitAmount = (line: Put): number => this.terms.unitAmount(line, this.now)

  override place(lines: readonly Want[]): 201 | 422 {
    const placed = super.place(lines)
    if (placed === 201) {
      const priced = lines.map(({ sku, quantity }): BilledLine => {
        const unit = this.unitAmount({ sku, quantity })
        return { sku, quantity, unit, gross: unit * quantity }
      })
      const subtotal = priced.reduce((sum, { gross }) => sum + gross, 0)
      const none = { discount: 0, shipping: 0, shippingGross: 0, tax: 0, destination: undefined }
      this.bills.push({ ...none, subtotal, lines: priced, returns: [] })
    }
    return placed
  }

  /** Adds a line at the price of now, with the tax of now where there is any. */
  addToOrder(nth: number, { sku, quantity }: Put): 200 | 404 | 409 | 422 {
    const order = this.order(nth)
    if (order.deleted) return 404
    if (!EDITABLE.includes(order.status) || order.fulfilled) return 409
    const holder = `order ${nth}`
    if (!isDigital(sku)) {
      const want = { sku, quantity }
      if (!this.stock.reserve(holder, [want], { byHand: false, now: this.now })) return 422
      if (order.status !== 'pending') this.stock.end(holder, 'confirmed')
    }
    const billed = this.#billed(nth)
    const unit = this.unitAmount({ sku, quantity })
    const { gross, tax } = this.#taxed(billed, { sku, amount: unit * quantity })
    billed.lines.push({ sku, quantity, unit, gross })
    billed.subtotal += unit * quantity
    billed.tax += tax
    this.#retotal(nth, gross)
    return 200
  }

  #taxed({ cart, destination }: Billed, { sku, amount }: { sku: Ware; amount: number }) {
    if (cart === undefined) return { gross: amount, tax: 0 }
    const taxes: readonly Tax[] = this.terms.taxes(
      sku === 'TEA' ? 'reduced' : 'standard',
      destination,
    )
    const lines = [{ key: 'new', about: sku, amount, taxes }]
    const { total, tax } = bill({ ...this.settings, roundedBy: 'line', lines, cuts: [] })
    return { gross: total, tax }
  }

  #retotal(nth: number, added: number): void {
    const order = this.order(nth)
    order.total += added
    const paid = paymentStatus(order.total, this.of(nth), order.paid === 'failed')
    if (paid === order.paid) return
    order.paid = paid
    if (paid === 'paid' && order.status === 'pending') this.enter(nth, 'confirmed')
  }

  /** Lowers a line of an order without tax for which no money came; 0 takes it out. */
  lower(nth: number, line: number, quantity: number): number {
    const order = this.order(nth)
    if (order.deleted) return 404
    const billed = this.#billed(nth)
    const one = billed.lines[line] as BilledLine
    if (!EDITABLE.includes(order.status) || order.fulfilled || billed.cart !== undefined) return 409
    const isPaid = ({ isUndecided, held, captured }: Payment) =>
      isUndecided || held > 0 || captured > 0
    if (this.of(nth).some(isPaid)) return 409
    if (quantity === one.quantity) return 200
    if (quantity > one.quantity) return 400
    if (quantity === 0 && billed.lines.length === 1) return 409
    const less = (one.quantity - quantity) * one.unit
    Object.assign(one, { quantity, gross: one.gross - less })
    billed.lines = billed.lines.filter((kept) => kept.quantity > 0)
    billed.subtotal -= less
    this.#holdAnew(nth)
    this.#retotal(nth, -less)
    return 200
  }

  #holdAnew(nth: number): void {
    const holder = `order ${nth}`
    const wants = this.#billed(nth).lines.flatMap(({ sku, quantity }) =>
      isDigital(sku) ? [] : [{ sku: sku as Sku, quantity }],
    )
    this.stock.end(holder, 'released')
    if (wants.length > 0) this.stock.reserve(holder, wants, { byHand: false, now: this.now })
    if (this.order(nth).status !== 'pending') this.stock.end(holder, 'confirmed')
  }

  /** Gives back units, shipping and goodwill; undefined wants all that is left. */
  giveBackOf(nth: number, wanted: Wanted | undefined): Answer {
    if (this.order(nth).deleted) return { status: 404 }
    const purses = this.of(nth).filter(({ refundable }) => refundable > 0)
    const billed = this.#billed(nth)
    const units = billed.lines.map((line, index) => {
      const left = line.quantity - this.#returned(billed, line).units
      return wanted ? (index === wanted.line ? wanted.units : 0) : left
    })
    if (units.some((many, index) => many > this.#left(billed, index))) return { status: 422 }
    const shares = new Map(
      billed.lines.flatMap((line, index) => {
        const many = units[index] as number
        return many > 0 ? [[line, this.#share(billed, line, many)] as const] : []
      }),
    )
    const shipping = !wanted || wanted.shipping ? this.#shippingLeft(billed) : 0
    const goods = [...shares.values()].reduce((sum, { amount }) => sum + amount, 0)
    const amount = goods + shipping + (wanted?.goodwill ?? 0)
    const parts = this.#spread(purses, amount)
    if (amount === 0 || !parts) return { status: 422 }
    billed.returns.push({ units: shares, shipping, parts: parts.map(({ part }) => part) })
    for (const { payment, part } of parts) {
      this.ask(payment, { operation: 'refund', amount: part.amount, part })
    }
    return { status: parts.every(({ part }) => part.status === 'failed') ? 422 : 201, amount }
  }

  #left = (billed: Billed, index: number) => {
    const line = billed.lines[index] as BilledLine
    return line.quantity - this.#returned(billed, line).units
  }

  /** What went back or may have. */
  #standing = ({ returns }: Billed) =>
    returns.filter(({ parts }) => parts.some(({ status }) => status !== 'failed'))

  #returned(billed: Billed, line: BilledLine) {
    const all = this.#standing(billed).flatMap(({ units }) => units.get(line) ?? [])
    const of = (member: 'units' | 'amount') => all.reduce((sum, one) => sum + one[member], 0)
    return { units: of('units'), amount: of('amount') }
  }

  #shippingLeft = (billed: Billed) =>
    this.#standing(billed).reduce((left, { shipping }) => left - shipping, billed.shippingGross)

  /** The first so many units cost the whole times their part, rounded down; less what went back. */
  #share(billed: Billed, line: BilledLine, units: number) {
    const before = this.#returned(billed, line)
    const upTo = Math.floor((line.gross * (before.units + units)) / line.quantity)
    return { units, amount: Math.max(0, upTo - before.amount) }
  }

  /** The newest payment gives first. */
  #spread(purses: readonly Payment[], amount: number) {
    let left = amount
    const parts = purses.toReversed().flatMap((payment) => {
      const taken = Math.min(left, payment.refundable)
      left -= taken
      const part: Part = { amount: taken, status: 'pending' }
      return taken > 0 ? [{ payment, part }] : []
    })
    return left === 0 ? parts : undefined
  }

  #billed = (nth: number) => this.bills[nth] as Billed
}
