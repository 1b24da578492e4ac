import type { Sku } from '../stock.ts'
import { Edits } from './edits.ts'
import {
  type Code,
  CUTS,
  classOf,
  type Destination,
  isDigital,
  type Limited,
  type Method,
  type Put,
  type Ware,
} from './terms.ts'
import { type Bill, bill } from './till.ts'

export type Owner = 'guest' | 'ada'
export type Line = { key: string; sku: Ware; quantity: number }
export type Cart = {
  owner: Owner
  lines: Line[]
  codes: Code[]
  destination: Destination | undefined
  method: Method | undefined
  status: 'open' | 'converted' | 'merged' | 'abandoned'
  converting: boolean
  /** Rises with every change. */
  version: number
  order?: number
}
/** One order's use of a promotion. */
type Use = { cut: string; order: number; by: string; isLive: boolean }
type Choices = Partial<Pick<Cart, 'destination' | 'method'>>
export type Told = {
  bill: Bill
  isSent: boolean
  /** The method that was chosen, if it can be had. */
  method: Method | undefined
}

const STATUSES = { converted: 'Converted', merged: 'Converted', abandoned: 'Abandoned' } as const

/** Carts of a guest and of a customer beside the orders. */
export class Carts extends Edits {
  readonly carts: Cart[] = []
  readonly uses: Use[] = []
  #lines = 0

  cart = (nth: number) => this.carts[nth] as Cart

  open(owner: Owner): number {
    const fresh = { lines: [], codes: [], destination: undefined, method: undefined }
    this.carts.push({ owner, ...fresh, status: 'open', converting: false, version: 1 })
    return this.carts.length - 1
  }

  statusOf({ status, converting }: Cart): string {
    if (status !== 'open') return STATUSES[status]
    return converting ? 'Converting' : 'Active'
  }

  /** What a cart comes to now, or would with other choices. */
  told(cart: Cart, choices: Choices = {}): Told {
    const { destination, method } = { ...cart, ...choices }
    const lines = cart.lines.map((line) => ({
      key: line.key,
      about: line.sku,
      amount: this.unitAmount(line) * line.quantity,
      taxes: this.terms.taxes(classOf(line.sku), destination),
    }))
    const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0)
    const isSent = cart.lines.some(({ sku }) => !isDigital(sku))
    const methods = isSent ? this.terms.methods(subtotal) : new Map<Method, number>()
    const chosen = method && methods.has(method) ? method : undefined
    // Until one is chosen, the cheapest.
    const amount = chosen ? methods.get(chosen) : [...methods.values()].toSorted((a, b) => a - b)[0]
    const taxes = this.terms.taxes('standard', destination, true)
    const shipping =
      amount === undefined ? undefined : { key: 'shipping', about: 'shipping', amount, taxes }
    const cuts = CUTS.filter((cut) => this.#mayHave(cut, cart))
    return { bill: bill({ ...this.settings, lines, shipping, cuts }), isSent, method: chosen }
  }

  #mayHave(cut: Limited, { codes, owner }: Cart): boolean {
    if (cut.name === 'AUTO') return true
    const name = cut.name as Code
    return codes.includes(name) && !this.refusalOf(name, owner === 'ada' ? 'ada' : undefined)
  }

  used = (cut: string, by?: string) =>
    this.uses.filter((use) => use.cut === cut && use.isLive && (!by || use.by === by)).length

  /** Whether a code cannot be had now, by somebody if they are known. */
  refusalOf(name: string, by: string | undefined): boolean {
    const { uses, usesEach }: Limited = CUTS.find((cut) => cut.name === name) as Limited
    if (this.terms.paused.has(name as Code)) return true
    if (uses !== undefined && this.used(name) >= uses) return true
    return usesEach !== undefined && by !== undefined && this.used(name, by) >= usesEach
  }

  /** Units that are on no shelf are never short. */
  available = (sku: Ware): number =>
    isDigital(sku)
      ? Infinity
      : this.stock.free(sku as Sku, 'NEAR') + this.stock.free(sku as Sku, 'FAR')

  add(nth: number, { sku, quantity }: Put): number {
    const cart = this.cart(nth)
    const line = cart.lines.find((one) => one.sku === sku)
    if (cart.status !== 'open') return 409
    const wanted = quantity + (line?.quantity ?? 0)
    if (this.#isShort(cart, { sku, wanted, had: line?.quantity ?? 0 })) return 422
    if (line) line.quantity = wanted
    else cart.lines.push({ key: this.#nextKey(), sku, quantity })
    cart.version++
    return 200
  }

  #nextKey = () => String(++this.#lines).padStart(6, '0')

  #isShort({ converting }: Cart, units: { sku: Ware; wanted: number; had: number }): boolean {
    const { sku, wanted, had } = units
    const free = this.available(sku) + (converting ? had : 0)
    return wanted > had && wanted > free
  }

  set(nth: number, { sku, quantity }: Put): number {
    const cart = this.cart(nth)
    const line = cart.lines.find((one) => one.sku === sku)
    if (cart.status !== 'open') return 409
    if (!line) return 404
    if (this.#isShort(cart, { sku, wanted: quantity, had: line.quantity })) return 422
    line.quantity = quantity
    cart.lines = cart.lines.filter((one) => one.quantity > 0)
    cart.version++
    return 200
  }

  clear = (nth: number) =>
    this.change(nth, (cart) => {
      cart.lines = []
    })

  enter_code(nth: number, code: Code): number {
    const cart = this.cart(nth)
    if (cart.status !== 'open') return 409
    if (cart.codes.includes(code)) return 200
    if (this.refusalOf(code, cart.owner === 'ada' ? 'ada' : undefined)) return 422
    return this.change(nth, () => void cart.codes.push(code))
  }

  withdraw(nth: number, code: Code): number {
    const cart = this.cart(nth)
    if (cart.status === 'open' && !cart.codes.includes(code)) return 404
    return this.change(nth, () => {
      cart.codes = cart.codes.filter((one) => one !== code)
    })
  }

  send_to = (nth: number, destination: Destination) =>
    this.change(nth, (cart) => Object.assign(cart, { destination }))

  send_by(nth: number, method: Method): number {
    const cart = this.cart(nth)
    if (cart.status === 'open' && !this.told(cart, { method }).method) return 422
    return this.change(nth, () => Object.assign(cart, { method }))
  }

  abandon(nth: number): 204 | 409 {
    const closed = this.change(nth, (cart) =>
      Object.assign(cart, { status: 'abandoned', converting: false }),
    )
    return closed === 200 ? 204 : 409
  }

  protected change(nth: number, how: (cart: Cart) => unknown): 200 | 409 {
    const cart = this.cart(nth)
    if (cart.status !== 'open') return 409
    how(cart)
    cart.version++
    return 200
  }

  /** All that the guest gathered goes into the newest cart of the customer; answers which. */
  merge(): number | undefined {
    const isFree = ({ status, converting }: Cart) => status === 'open' && !converting
    const from = this.carts.filter((cart) => cart.owner === 'guest' && isFree(cart))
    const own = this.carts.findLastIndex((cart) => cart.owner === 'ada' && isFree(cart))
    if (from.length === 0) return own < 0 ? undefined : own
    const into = own < 0 ? this.open('ada') : own
    for (const cart of from) this.#pour(cart, this.cart(into))
    return into
  }

  #pour(from: Cart, into: Cart): void {
    for (const line of from.lines) {
      const known = into.lines.find(({ sku }) => sku === line.sku)
      const wanted = line.quantity + (known?.quantity ?? 0)
      const quantity = Math.min(wanted, Math.max(1, this.available(line.sku)))
      if (known) known.quantity = quantity
      else into.lines.push({ ...line, quantity })
    }
    into.lines.sort((a, b) => (a.key < b.key ? -1 : 1))
    into.codes = [...new Set([...into.codes, ...from.codes])]
    into.destination ??= from.destination
    into.method ??= from.method
    into.version++
    Object.assign(from, { status: 'merged', lines: [], version: from.version + 1 })
  }
}
