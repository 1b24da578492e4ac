import type Stripe from 'stripe'
import type { Books } from './books.ts'
import { type Call, payIntent, wholeUnits } from './intents.ts'
import { newSession } from './objects.ts'
import { invalid } from './refusal.ts'

type Params = Record<string, any>
const HALF_AN_HOUR = 1_800
const DAY = 86_400

export function createSession(
  books: Books,
  params: Params,
  { address }: Call,
): Stripe.Checkout.Session {
  const items: Params[] = Object.values(params.line_items ?? {})
  if (items.length === 0) throw invalid('You must provide line_items.', { param: 'line_items' })
  const ui_mode = params.ui_mode ?? 'hosted_page'
  refuseUrls(ui_mode, params)
  const expires_at = Number(params.expires_at ?? books.now + DAY)
  if (expires_at < books.now + HALF_AN_HOUR - 5 || expires_at > books.now + DAY + 5) {
    throw invalid('The `expires_at` timestamp must be between 30 minutes and 24 hours from now.', {
      param: 'expires_at',
    })
  }
  const id = books.id('cs_test')
  const session = newSession({
    id,
    ui_mode,
    created: books.now,
    expires_at,
    currency: items[0]?.price_data?.currency ?? 'usd',
    amount_total: items.reduce((total, item) => total + sumOf(item), 0),
    url: ui_mode === 'hosted_page' ? `${address}/pay/${id}` : null,
    client_secret: ui_mode === 'hosted_page' ? null : `${id}_secret_${id.slice(-12)}`,
    success_url: params.success_url ?? null,
    cancel_url: params.cancel_url ?? null,
    customer_email: params.customer_email ?? null,
    metadata: params.metadata ?? {},
    payment_method_types: params.payment_method_types ?? ['card'],
    ...(params.return_url && { return_url: params.return_url }),
  })
  intentMetadata.set(session, params.payment_intent_data?.metadata ?? {})
  books.sessions.set(id, session)
  return session
}

const intentMetadata = new WeakMap<Stripe.Checkout.Session, Record<string, string>>()

const sumOf = ({ quantity, price_data }: Params): number =>
  wholeUnits(quantity ?? 1, 'quantity') * wholeUnits(price_data?.unit_amount, 'unit_amount')

function refuseUrls(ui_mode: string, params: Params): void {
  if (ui_mode === 'hosted_page' && !params.success_url) {
    throw invalid('You must provide success_url.', { param: 'success_url' })
  }
  if (ui_mode === 'embedded_page' && (params.success_url || params.cancel_url)) {
    throw invalid('success_url and cancel_url are not allowed with embedded_page.')
  }
  if (ui_mode === 'embedded_page' && !params.return_url) {
    throw invalid('You must provide return_url.', { param: 'return_url' })
  }
}

export function expireSession(books: Books, id: string): Stripe.Checkout.Session {
  const session = books.find('checkout.session', books.sessions, id)
  if (session.status !== 'open') {
    throw invalid(`Only Checkout Sessions with a status in ["open"] can be expired.`)
  }
  session.status = 'expired'
  session.url = null
  books.tell('checkout.session.expired', session)
  return session
}

/** The payer pays on the page with one of the test cards; answers whether it worked. */
export function paySession(books: Books, id: string, method = 'pm_card_visa'): boolean {
  const session = books.find('checkout.session', books.sessions, id)
  if (session.status !== 'open') throw invalid('This Checkout Session is closed.')
  const intent =
    typeof session.payment_intent === 'string'
      ? books.intent(session.payment_intent)
      : books.addIntent({
          amount: session.amount_total ?? 0,
          currency: session.currency ?? 'usd',
          metadata: { ...intentMetadata.get(session) },
          payment_method_types: session.payment_method_types,
        })
  session.payment_intent = intent.id
  if (!payIntent(books, intent, method)) return false
  session.status = 'complete'
  session.url = null
  session.payment_status = intent.status === 'succeeded' ? 'paid' : 'unpaid'
  session.customer_details = {
    address: null,
    business_name: null,
    email: session.customer_email ?? 'payer@example.com',
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
  books.tell('checkout.session.completed', session)
  return true
}

/** How a slow method of a completed session ends. */
export function endSlowSession(books: Books, session: Stripe.Checkout.Session, paid: boolean) {
  session.payment_status = paid ? 'paid' : 'unpaid'
  const type = paid ? 'async_payment_succeeded' : 'async_payment_failed'
  books.tell(`checkout.session.${type}`, session)
}
