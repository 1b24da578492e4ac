import type { Method as Token } from '../money.ts'
import type { Sku, Want } from '../stock.ts'
import { type Cart, Carts, type Owner, type Told } from './carts.ts'
import { type Destination, isDigital, type Method } from './terms.ts'

const MINUTE_MS = 60_000
export const LIFE_MS = 30 * MINUTE_MS
const GRACE_MS = 5 * MINUTE_MS

/** Whom a buyer says they are, by e-mail. */
export const WHO = ['guest', 'ada'] as const
export type Said = {
  who?: Owner | undefined
  destination?: Destination | undefined
  method?: Method | undefined
  token?: Token | undefined
}
export type Checkout = Said & {
  cart: number
  status: 'open' | 'complete' | 'expired'
  /** What its buyer was shown. */
  shown: number
  isSent: boolean
  /** The version of the cart that is held, and until when. */
  version: number
  heldUntil: number | undefined
  order?: number
  ends: number
}

/** Checkouts as far as their last step: what they say, and what they hold. */
export class Checkouts extends Carts {
  readonly checkouts: Checkout[] = []

  checkout = (nth: number) => this.checkouts[nth] as Checkout
  isLive = ({ status, ends }: Checkout) => status === 'open' && ends > this.now
  protected newestOf = (cart: number) => this.checkouts.findLastIndex((one) => one.cart === cart)

  /** Answers the status, and which checkout it is about. */
  start(nth: number, said: Said): { status: number; checkout?: number } {
    const cart = this.cart(nth)
    if (cart.status === 'abandoned' || cart.status === 'merged') return { status: 409 }
    const known = this.newestOf(nth)
    const last = this.checkouts[known]
    if (last && (cart.order !== undefined || (this.isLive(last) && last.order !== undefined))) {
      return { status: 201, checkout: known }
    }
    if (last && this.isLive(last)) {
      return { status: this.#advance(last, said) === 200 ? 201 : 422, checkout: known }
    }
    const undo = this.stock.remember()
    if (last?.status === 'open') this.stock.end(`checkout ${known}`, 'released')
    const begun = this.#begin(nth, cart, said)
    if (begun === undefined) undo()
    else if (last?.status === 'open') last.status = 'expired'
    return begun === undefined ? { status: 422 } : { status: 201, checkout: begun }
  }

  #begin(nth: number, cart: Cart, said: Said): number | undefined {
    const { destination, method = cart.method } = said
    if (cart.lines.length === 0) return undefined
    const told = this.toldFor(cart, { destination, method })
    if (said.method && !told.method) return undefined
    const holder = `checkout ${this.checkouts.length}`
    const ends = this.now + LIFE_MS
    if (!this.#hold(holder, cart, ends + GRACE_MS)) return undefined
    if (!cart.converting) Object.assign(cart, { converting: true, version: cart.version + 1 })
    const who = said.who ?? (cart.owner === 'ada' ? 'ada' : undefined)
    const heldUntil = this.wants(cart).length > 0 ? ends + GRACE_MS : undefined
    const { version } = cart
    const more = { cart: nth, status: 'open' as const, version, heldUntil, ends, ...seen(told) }
    this.checkouts.push({ ...said, who, ...more })
    return this.checkouts.length - 1
  }

  protected toldFor = (cart: Cart, { destination, method }: Said): Told =>
    this.told(cart, { method, ...(destination && { destination }) })

  protected wants = ({ lines }: Cart): Want[] =>
    lines.flatMap(({ sku, quantity }) => (isDigital(sku) ? [] : [{ sku: sku as Sku, quantity }]))

  #hold(holder: string, cart: Cart, expires: number): boolean {
    const wants = this.wants(cart)
    if (wants.length === 0) return true
    return this.stock.reserve(holder, wants, { byHand: false, now: this.now, expires })
  }

  /** A step of a checkout; 409 if it takes none any more. */
  say(nth: number, said: Said): number {
    const checkout = this.checkout(nth)
    if (!this.isUsable(checkout)) return 409
    if (said.token && checkout.order !== undefined && this.isLive(checkout)) {
      checkout.token = said.token
      return 200
    }
    if (!this.isLive(checkout) || checkout.order !== undefined) return 409
    return this.#advance(checkout, said)
  }

  protected isUsable = ({ cart }: Checkout) =>
    ['open', 'converted'].includes(this.cart(cart).status)

  #advance(checkout: Checkout, said: Said): 200 | 422 {
    const cart = this.cart(checkout.cart)
    const isOther = cart.version !== checkout.version
    const { destination, method } = { ...checkout, ...defined(said) }
    const isPriced = isOther || said.destination || said.method
    if (isPriced && cart.lines.length === 0) return 422
    const told = isPriced ? this.toldFor(cart, { destination, method }) : undefined
    if (told && said.method && !told.method) return 422
    const ends = this.now + LIFE_MS
    const heldUntil = ends + GRACE_MS
    const holder = `checkout ${this.checkouts.indexOf(checkout)}`
    const undo = this.stock.remember()
    if (isOther) {
      this.stock.end(holder, 'released')
      if (!this.#hold(holder, cart, heldUntil)) {
        undo()
        return 422
      }
      checkout.heldUntil = this.wants(cart).length > 0 ? heldUntil : undefined
    } else if (checkout.heldUntil !== undefined && ends > checkout.heldUntil) {
      this.stock.extend(holder, { expires: heldUntil, now: this.now })
      checkout.heldUntil = heldUntil
    }
    Object.assign(checkout, defined(said), told && seen(told), { version: cart.version, ends })
    return 200
  }
}

/** What a buyer was shown. */
export const seen = ({ bill, isSent, method }: Told) => ({
  shown: bill.total,
  isSent,
  method: isSent ? method : undefined,
})

const defined = (said: Said): Said =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
