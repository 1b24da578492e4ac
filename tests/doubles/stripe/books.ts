import { randomBytes } from 'node:crypto'
import type Stripe from 'stripe'
import type { CardBehaviour } from './cards.ts'
import { newCharge, newEvent, newIntent } from './objects.ts'
import { missing } from './refusal.ts'

export type Token = {
  id: string
  method: string
  currency: string
  max_amount: number
  expires_at: number
  used: boolean
}
export type StripeEvent = ReturnType<typeof newEvent>

/** All that this Stripe knows. Objects are changed in place; answers and events are copies. */
export class Books {
  readonly intents = new Map<string, Stripe.PaymentIntent>()
  readonly charges = new Map<string, Stripe.Charge>()
  readonly refunds = new Map<string, Stripe.Refund>()
  readonly sessions = new Map<string, Stripe.Checkout.Session>()
  readonly methods = new Map<string, Stripe.PaymentMethod>()
  readonly customers = new Map<string, Stripe.Customer>()
  readonly files = new Map<string, Stripe.File>()
  readonly disputes = new Map<string, Stripe.Dispute>()
  readonly tokens = new Map<string, Token>()
  /** What the card behind a payment method does. */
  readonly behaviours = new Map<string, CardBehaviour>()
  /** Everything that happened, oldest first. */
  readonly events: StripeEvent[] = []
  /** The key of the request that is being answered. */
  key: string | null = null
  /** Whether the account was given multicapture. */
  multicapture = true
  /** Whether what was captured in part can still be cancelled. */
  cancelsParts = true
  readonly clock: () => Date

  constructor(clock: () => Date) {
    this.clock = clock
  }

  get now(): number {
    return Math.floor(this.clock().getTime() / 1000)
  }

  id(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString('hex')}`
  }

  /** Writes down that something happened to an object, as it is at this moment. */
  tell(type: string, object: object): void {
    this.events.push(
      newEvent({
        id: this.id('evt'),
        created: this.now,
        type,
        object: structuredClone(object),
        idempotency_key: this.key,
      }),
    )
  }

  find<T>(kind: string, among: Map<string, T>, id: string): T {
    const found = among.get(id)
    if (!found) throw missing(kind, id)
    return found
  }

  intent(id: string): Stripe.PaymentIntent {
    return this.find('payment_intent', this.intents, id)
  }

  /** The charge that took or holds the money of an intent. */
  chargeOf(intent: Stripe.PaymentIntent): Stripe.Charge | undefined {
    return this.charges.get(String(intent.latest_charge))
  }

  addIntent(own: Partial<Stripe.PaymentIntent> & { amount: number; currency: string }) {
    const intent = newIntent({ ...own, id: this.id('pi'), created: this.now })
    this.intents.set(intent.id, intent)
    this.tell('payment_intent.created', intent)
    return intent
  }

  addCharge(intent: Stripe.PaymentIntent, own: Partial<Stripe.Charge>): Stripe.Charge {
    const charge = newCharge({
      id: this.id('ch'),
      created: this.now,
      amount: intent.amount,
      currency: intent.currency,
      payment_intent: intent.id,
      payment_method: String(intent.payment_method),
      metadata: { ...intent.metadata },
      status: 'succeeded',
      ...own,
    })
    this.charges.set(charge.id, charge)
    intent.latest_charge = charge.id
    return charge
  }
}
