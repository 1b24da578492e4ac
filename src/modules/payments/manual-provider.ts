import { paymentErrors } from './errors.ts'
import type { Fact, FactOperation, PaymentProvider, ProviderRequest } from './provider.ts'

/**
 * Cash, cheques and bank transfers: money that staff hands over or receives. To record it is the
 * deed itself, so every request succeeds, and one that was lost is simply done again: nothing is
 * remembered, and the key alone makes it the same fact.
 */
export function createManualProvider(clock: () => Date): PaymentProvider {
  const done = (operation: FactOperation) => async (request: ProviderRequest) => {
    const payment_ref = request.payment_ref ?? request.key
    const fact: Fact = {
      ref: request.key,
      operation,
      outcome: 'succeeded',
      amount: request.amount,
      currency: request.currency,
      sequence: 0,
      occurred_at: clock().toISOString(),
      request_id: request.key,
      code: null,
      message: null,
      action_url: null,
    }
    return { payment_ref, facts: [fact] }
  }
  return {
    name: 'manual',
    untraced_after_ms: 0,
    timeout_ms: 1_000,
    sale: done('sale'),
    authorize: done('authorize'),
    confirm: done('sale'),
    capture: done('capture'),
    void: done('void'),
    refund: done('refund'),
    lookUp: async () => undefined,
    readWebhook() {
      throw paymentErrors.bad_webhook({ problem: 'money taken by hand sends none' })
    },
  }
}
