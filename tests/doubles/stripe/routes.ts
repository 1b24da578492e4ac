import type { Books } from './books.ts'
import { updateDispute } from './disputes.ts'
import { createFile } from './files.ts'
import { type Call, cancelIntent, captureIntent, confirmIntent, createIntent } from './intents.ts'
import { listOf, searchOf } from './lists.ts'
import { newCustomer } from './objects.ts'
import { createRefund } from './refunds.ts'
import { invalid } from './refusal.ts'
import { createSession, expireSession } from './sessions.ts'

export type Kind =
  | 'create_intent'
  | 'confirm_intent'
  | 'capture_intent'
  | 'cancel_intent'
  | 'get_intent'
  | 'list'
  | 'create_refund'
  | 'create_session'
  | 'expire_session'
  | 'get_session'
  | 'get_method'
  | 'get_dispute'
  | 'update_dispute'
  | 'create_file'
  | 'other'

type Params = Record<string, any>
export type Asked = { books: Books; id: string; params: Params; call: Call }
export type Route = { kind: Kind; run: (asked: Asked) => object }

const ROUTES: readonly (readonly [RegExp, Kind, Route['run']])[] = [
  [
    /^POST \/v1\/payment_intents$/,
    'create_intent',
    ({ books, params, call }) => createIntent(books, params, call),
  ],
  [
    /^GET \/v1\/payment_intents$/,
    'list',
    ({ books, params }) => listOf(books.intents.values(), '/v1/payment_intents', params),
  ],
  [
    /^GET \/v1\/payment_intents\/search$/,
    'list',
    ({ books, params }) => searchOf(books.intents.values(), '/v1/payment_intents/search', params),
  ],
  [
    /^GET \/v1\/payment_intents\/([^/]+)$/,
    'get_intent',
    ({ books, id, params }) => {
      const intent = books.intent(id)
      const wanted = Object.values(params.expand ?? {}).includes('latest_charge')
      return wanted ? { ...intent, latest_charge: books.chargeOf(intent) ?? null } : intent
    },
  ],
  [
    /^POST \/v1\/payment_intents\/([^/]+)$/,
    'other',
    ({ books, id, params }) => {
      const intent = books.intent(id)
      Object.assign(intent.metadata, params.metadata)
      return intent
    },
  ],
  [
    /^POST \/v1\/payment_intents\/([^/]+)\/confirm$/,
    'confirm_intent',
    ({ books, id, params, call }) => confirmIntent(books, books.intent(id), params, call),
  ],
  [
    /^POST \/v1\/payment_intents\/([^/]+)\/capture$/,
    'capture_intent',
    ({ books, id, params }) => captureIntent(books, books.intent(id), params),
  ],
  [
    /^POST \/v1\/payment_intents\/([^/]+)\/cancel$/,
    'cancel_intent',
    ({ books, id, params }) => cancelIntent(books, books.intent(id), params),
  ],
  [/^POST \/v1\/refunds$/, 'create_refund', ({ books, params }) => createRefund(books, params)],
  [/^GET \/v1\/refunds$/, 'list', ({ books, params }) => listRefunds(books, params)],
  [
    /^GET \/v1\/refunds\/([^/]+)$/,
    'other',
    ({ books, id }) => books.find('refund', books.refunds, id),
  ],
  [
    /^GET \/v1\/charges\/([^/]+)$/,
    'other',
    ({ books, id }) => books.find('charge', books.charges, id),
  ],
  [
    /^GET \/v1\/disputes$/,
    'list',
    ({ books, params }) => listOf(books.disputes.values(), '/v1/disputes', params),
  ],
  [
    /^GET \/v1\/disputes\/([^/]+)$/,
    'get_dispute',
    ({ books, id }) => books.find('dispute', books.disputes, id),
  ],
  [
    /^POST \/v1\/disputes\/([^/]+)$/,
    'update_dispute',
    ({ books, id, params }) => updateDispute(books, id, params),
  ],
  [/^POST \/v1\/files$/, 'create_file', ({ books, params }) => createFile(books, params)],
  [/^GET \/v1\/events$/, 'list', ({ books, params }) => listOf(books.events, '/v1/events', params)],
  [
    /^POST \/v1\/checkout\/sessions$/,
    'create_session',
    ({ books, params, call }) => createSession(books, params, call),
  ],
  [
    /^GET \/v1\/checkout\/sessions\/([^/]+)$/,
    'get_session',
    ({ books, id }) => books.find('checkout.session', books.sessions, id),
  ],
  [
    /^POST \/v1\/checkout\/sessions\/([^/]+)\/expire$/,
    'expire_session',
    ({ books, id }) => expireSession(books, id),
  ],
  [
    /^GET \/v1\/payment_methods\/([^/]+)$/,
    'get_method',
    ({ books, id }) => books.find('PaymentMethod', books.methods, id),
  ],
  [
    /^POST \/v1\/payment_methods\/([^/]+)\/attach$/,
    'other',
    ({ books, id, params }) => {
      const method = books.find('PaymentMethod', books.methods, id)
      method.customer = books.find('customer', books.customers, params.customer).id
      return method
    },
  ],
  [
    /^POST \/v1\/customers$/,
    'other',
    ({ books, params }) => {
      const { email = null, name = null, metadata = {} } = params
      const own = { id: books.id('cus'), created: books.now, email, name, metadata }
      const customer = newCustomer(own)
      books.customers.set(customer.id, customer)
      return customer
    },
  ],
  [
    /^POST \/v1\/test_helpers\/shared_payment\/granted_tokens$/,
    'other',
    ({ books, params }) => grantToken(books, params),
  ],
]

function listRefunds(books: Books, params: Params) {
  const { payment_intent } = params
  const all = [...books.refunds.values()].filter(
    (refund) => payment_intent === undefined || refund.payment_intent === payment_intent,
  )
  return listOf(all, '/v1/refunds', params)
}

/** As if an agent had granted the shop a token. */
function grantToken(books: Books, { payment_method, usage_limits }: Params) {
  const { currency, max_amount, expires_at } = usage_limits ?? {}
  if (!currency || !max_amount || !expires_at) throw invalid('You must provide usage_limits.')
  const token = {
    id: books.id('spt'),
    method: String(payment_method),
    currency,
    max_amount: Number(max_amount),
    expires_at: Number(expires_at),
    used: false,
  }
  books.tokens.set(token.id, token)
  const { id } = token
  return { id, object: 'shared_payment.granted_token', created: books.now, usage_limits }
}

/** The route of a request, with what stands in its place for a name. */
export function routeOf(request: string): (Route & { id: string }) | undefined {
  for (const [pattern, kind, run] of ROUTES) {
    const found = pattern.exec(request)
    if (found) return { kind, run, id: decodeURIComponent(found[1] ?? '') }
  }
  return undefined
}
