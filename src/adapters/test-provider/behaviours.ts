/** What a payment method makes the test provider do. The first word of each is its id. */
export type Behaviour = {
  told: string
  /** How a sale or authorisation ends. */
  charge?: { outcome: 'failed'; code: string; message: string } | { outcome: 'action_required' }
  /** How the payer's challenge ends. */
  challenge?: 'passed' | 'failed'
  /** What becomes of the answer to a sale or authorisation. */
  answer?: 'lost after charging' | 'lost before charging' | 'pending'
  webhook?: 'before' | 'after' | 'twice' | 'late'
  capture?: 'fails' | 'lost'
  refund?: 'fails' | 'lost' | 'pending'
}

const declined = (code: string, message: string) => ({ outcome: 'failed' as const, code, message })

export const behaviours: Record<string, Behaviour> = {
  pm_test_success: { told: 'Takes the money and says so. The default; sends no webhook.' },
  pm_test_declined: {
    told: 'Declines.',
    charge: declined('card_declined', 'The card was declined.'),
  },
  pm_test_insufficient_funds: {
    told: 'Declines for want of money.',
    charge: declined('insufficient_funds', 'The card has insufficient funds.'),
  },
  pm_test_expired_card: {
    told: 'Declines an expired card.',
    charge: declined('expired_card', 'The card has expired.'),
  },
  pm_test_card_gone: {
    told: 'Declines, as a token of the vault whose card was erased does.',
    charge: declined('token_expired', 'The card behind the token is no longer there.'),
  },
  pm_test_3ds: {
    told: 'Asks for 3-D Secure; the payer passes when the payment is confirmed.',
    charge: { outcome: 'action_required' },
    challenge: 'passed',
  },
  pm_test_3ds_fails: {
    told: 'Asks for 3-D Secure; the payer fails when the payment is confirmed.',
    charge: { outcome: 'action_required' },
    challenge: 'failed',
  },
  pm_test_timeout_after_charge: {
    told: 'Takes the money, then breaks off without an answer.',
    answer: 'lost after charging',
  },
  pm_test_timeout_before_charge: {
    told: 'Breaks off without having done anything.',
    answer: 'lost before charging',
  },
  pm_test_webhook_before: {
    told: 'Sends its webhook before it answers the call.',
    webhook: 'before',
  },
  pm_test_webhook_after: { told: 'Sends its webhook right after its answer.', webhook: 'after' },
  pm_test_webhook_twice: { told: 'Sends the same webhook twice.', webhook: 'twice' },
  pm_test_webhook_late: {
    told: 'Answers "pending"; the webhook with the end comes some time later.',
    answer: 'pending',
    webhook: 'late',
  },
  pm_test_webhook_never: {
    told: 'Answers "pending" and never says how it ended; only a look-up finds out.',
    answer: 'pending',
  },
  pm_test_capture_fails: { told: 'Holds the money, then refuses to capture.', capture: 'fails' },
  pm_test_capture_timeout: {
    told: 'Captures, then breaks off without an answer.',
    capture: 'lost',
  },
  pm_test_refund_fails: { told: 'Takes the money, then refuses to refund.', refund: 'fails' },
  pm_test_refund_timeout: { told: 'Refunds, then breaks off without an answer.', refund: 'lost' },
  pm_test_refund_pending: {
    told: 'Answers refunds with "pending"; only a look-up finds out.',
    refund: 'pending',
  },
}

/**
 * A token of somebody else behaves as `pm_test_success`. One that looks like ours and is not would
 * look like a success to whoever misspelt it, so it is declined.
 */
export function behaviourOf(payment_method_id: string | null): Behaviour {
  const id = payment_method_id ?? 'pm_test_success'
  const known = behaviours[id]
  if (known) return known
  if (!id.startsWith('pm_test_')) return behaviours.pm_test_success as Behaviour
  const message = `There is no test payment method ${id}.`
  return { told: 'Does not exist.', charge: declined('payment_method_unknown', message) }
}
