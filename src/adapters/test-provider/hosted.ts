import { CHARGE_PHASES, type HostedNews, type HostedPayments } from '#modules/payments'
import type { Ledger } from './ledger.ts'
import { type Pages, paymentRefOf, type TestPage } from './pages.ts'

/** How a payer leaves a page. */
export type PageOutcome = 'paid' | 'failed' | 'expired'

/** Pages and intents that the test provider offers: nobody sees them, a test says how they end. */
export const hostedBy = (pages: () => Pages): HostedPayments => ({
  publishable_key: 'pk_test_tradepost',
  open: async (request) => pages().open(request),
  read: async (ref) => pages().find(ref),
  expire: async (ref) => {
    const page = pages().find(ref)
    return page.status === 'open' ? pages().keep(expired(page)) : page
  },
})

const expired = (page: TestPage): TestPage => ({
  ...page,
  status: 'expired',
  url: null,
  provider_status: page.kind === 'intent' ? 'canceled' : 'expired',
})

type Books = { pages: Pages; ledger: Ledger; now: string }

/**
 * The payer has paid, failed, or stayed away until the page closed: writes it down and answers the
 * news of it. A paid page is told twice, as real ones do: by the page, and by its payment.
 */
export function endPage(ref: string, outcome: PageOutcome, books: Books): HostedNews[] {
  const { pages, ledger, now } = books
  const page = pages.find(ref)
  if (outcome === 'failed') {
    const failure = { code: 'card_declined', message: 'The card was declined.' }
    return [newsOf(page, now, { ref: paymentRefOf(page), failure })]
  }
  if (page.status === 'expired' || outcome === 'expired') {
    return [newsOf(pages.keep(expired(page)), now)]
  }
  const payment_ref = paymentRefOf(page)
  const paid = pages.keep({
    ...page,
    payment_ref,
    url: null,
    status: 'complete',
    payment_status: 'paid',
    provider_status: page.kind === 'intent' ? 'succeeded' : 'complete',
  })
  ledger.add({
    key: payment_ref.slice('pi_'.length),
    ref: payment_ref,
    charge_ref: payment_ref,
    operation: 'sale',
    outcome: 'succeeded',
    amount: page.amount,
    currency: page.currency,
    payment_method_id: null,
    code: null,
    message: null,
    sequence: CHARGE_PHASES.succeeded,
    occurred_at: now,
  })
  const told = newsOf(paid, now)
  return page.kind === 'intent' ? [told] : [told, { ...told, ref: payment_ref }]
}

const newsOf = (page: TestPage, now: string, more: Partial<HostedNews> = {}): HostedNews => ({
  ref: page.ref,
  payment_ref: page.payment_ref,
  status: page.status,
  payment_status: page.payment_status,
  amount: page.amount,
  currency: page.currency,
  customer_email: page.customer_email,
  metadata: page.metadata,
  occurred_at: now,
  ...more,
})
