import type Stripe from 'stripe'

type More = {
  code?: string
  decline_code?: string
  param?: string
  payment_intent?: Stripe.PaymentIntent
}

/** An answer of Stripe's that is not a yes. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly body: object

  constructor(status: number, type: string, message: string, more: More = {}) {
    super(message)
    this.status = status
    this.body = { error: { type, message, ...more } }
  }
}

export const invalid = (message: string, more: More = {}) =>
  new Refusal(400, 'invalid_request_error', message, more)

export const missing = (kind: string, id: string) =>
  new Refusal(404, 'invalid_request_error', `No such ${kind}: '${id}'`, {
    code: 'resource_missing',
    param: 'id',
  })
