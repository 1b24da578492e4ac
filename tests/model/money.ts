// What a payment is, told once more without a database or a provider.

export const METHODS = [
  'success',
  'declined',
  '3ds',
  '3ds_fails',
  'timeout_after_charge',
  'timeout_before_charge',
  'webhook_never',
  'refund_fails',
  'refund_timeout',
  'refund_pending',
  'capture_fails',
  'capture_timeout',
] as const
export type Method = (typeof METHODS)[number]

/** A share of a refund of an order, by one payment. */
export type Part = { amount: number; status: 'pending' | 'succeeded' | 'failed' }
export type Asked = {
  operation: 'charge' | 'capture' | 'void' | 'refund'
  amount: number
  part?: Part
}
type Charge = 'unknown' | 'pending' | 'action_required' | 'failed' | 'succeeded'

export class Payment {
  readonly order: number
  readonly method: Method
  readonly manual: boolean
  readonly amount: number
  charge: Charge = 'unknown'
  authorized = 0
  captured = 0
  voided = 0
  refunded = 0
  isVoided = false
  /** What the provider was asked and has not answered. */
  open: Asked[] = []
  /** The last change, for those whose payer never comes back. */
  touched: number

  constructor(of: { order: number; method: Method; manual: boolean; amount: number; now: number }) {
    this.order = of.order
    this.method = of.method
    this.manual = of.manual
    this.amount = of.amount
    this.touched = of.now
  }

  asked = (operation: Asked['operation']) =>
    this.open
      .filter((one) => one.operation === operation)
      .reduce((total, { amount }) => total + amount, 0)
  get held() {
    return this.authorized - this.captured - this.voided
  }
  get freeHeld() {
    return this.held - this.asked('capture') - this.asked('void')
  }
  get refundable() {
    return this.captured - this.refunded - this.asked('refund')
  }
  get covered() {
    return this.captured - this.refunded + this.held
  }
  get isUndecided() {
    return ['pending', 'processing', 'requires_action'].includes(this.status)
  }
  get isBusy() {
    return this.open.some(({ operation }) => operation !== 'refund')
  }

  get status(): string {
    const { captured, refunded } = this
    if (captured > 0 && refunded === 0) return 'succeeded'
    if (captured > 0) return refunded < captured ? 'partially_refunded' : 'refunded'
    if (this.authorized > this.voided) return 'authorized'
    if (this.isVoided) return 'cancelled'
    if (this.charge === 'failed') return 'failed'
    if (this.charge === 'action_required') return 'requires_action'
    return this.charge === 'pending' ? 'processing' : 'pending'
  }

  /** The first answer of the provider to a charge. */
  begin(): void {
    if (this.method === 'declined') this.charge = 'failed'
    else if (this.method.startsWith('3ds')) this.charge = 'action_required'
    else if (this.method === 'webhook_never') this.charge = 'pending'
    if (this.method === 'webhook_never' || this.method.startsWith('timeout')) {
      this.open.push({ operation: 'charge', amount: this.amount })
    } else if (this.charge === 'unknown') this.succeed()
  }

  succeed(): void {
    this.charge = 'succeeded'
    this.authorized = this.amount
    if (!this.manual) this.captured = this.amount
  }

  /** What the provider does when it is asked for more; false where it refuses. */
  perform(asked: Asked): boolean {
    const isDone = this.#do(asked)
    if (asked.part) asked.part.status = isDone ? 'succeeded' : 'failed'
    return isDone
  }

  #do({ operation, amount }: Asked): boolean {
    if (operation === 'capture') {
      if (this.method === 'capture_fails') return false
      this.captured += amount
    } else if (operation === 'refund') {
      if (this.method === 'refund_fails') return false
      this.refunded += amount
    } else if (operation === 'void') {
      if (this.charge === 'action_required') this.charge = 'failed'
      this.voided += amount
      this.isVoided = true
    } else if (this.method === 'timeout_before_charge') this.charge = 'failed'
    else this.succeed()
    return true
  }

  /** Whether the answer to this gets lost, so that only a later look finds out. */
  isLost = (operation: Asked['operation']) =>
    (operation === 'capture' && this.method === 'capture_timeout') ||
    (operation === 'refund' && /^refund_(timeout|pending)$/.test(this.method))
}

/** How an order stands with its money. */
export function paymentStatus(total: number, payments: readonly Payment[], failed: boolean) {
  const all = (amount: (one: Payment) => number) =>
    payments.reduce((subtotal, one) => subtotal + amount(one), 0)
  const [captured, refunded] = [all((one) => one.captured), all((one) => one.refunded)]
  if (captured > 0 && refunded >= captured) return 'refunded'
  if (refunded > 0) return 'partially_refunded'
  if (captured > 0) return captured >= total ? 'paid' : 'partially_paid'
  if (total === 0) return 'paid'
  if (all((one) => one.held) > 0) return 'authorized'
  return failed ? 'failed' : 'pending'
}
