import { randomBytes } from 'node:crypto'
import { acpScenarios } from './acp.ts'

/** What scenarios draw from: ids that exist in the loaded database, and a key that may use them. */
export type Fixture = {
  api_key: string
  product_ids: string[]
  variant_ids: string[]
  customer_ids: string[]
  /** What `/inventory/:id` takes: an id, a number or a SKU. */
  item_ids: string[]
  location_id: string | number
  /** Words that a handful of products have, however many there are. */
  rare_words: string[]
  /** Words that a tenth of all products have. */
  common_words: string[]
  /** A guest's cart of 200 lines. */
  large_cart: { id: string; session_id: string }
  /** The id of an agent's open session. */
  agent_session: string
}

/** The JSON of the answer before, as far as a next step looks into it. */
export type Answered = { data: Record<string, string> }

/** Makes the next request of an operation, as HTTP/1.1 text, from the answer to the one before. */
export type Step = (answered: Answered) => string

/** What one client does again and again; an operation is all its steps, one after another. */
export type Scenario = {
  title: string
  /** `read` is measured against a bare Fastify route, `write` against bare SQL. */
  kind: 'read' | 'write'
  script(fixture: Fixture): Step[]
}

const runId = randomBytes(6).toString('hex')
let keys = 0

/** A new key for each request, also across runs on one database. */
function nextIdempotencyKey(): string {
  keys += 1
  return `bench-${runId}-${keys}`
}

function pick<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T
}

/** A GET of `path`, with the API key if one is given. */
function get(path: string, apiKey?: string): string {
  const key = apiKey ? `x-api-key: ${apiKey}\r\n` : ''
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${key}\r\n`
}

/** A POST of a JSON text (ASCII only: its length is taken for its bytes). */
function post(path: string, apiKey: string, json: string): string {
  return (
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: ${apiKey}\r\n` +
    `idempotency-key: ${nextIdempotencyKey()}\r\ncontent-type: application/json\r\n` +
    `content-length: ${json.length}\r\n\r\n${json}`
  )
}

/** A guest's POST or PUT of a JSON text (ASCII only), with the secret of their cart. */
function guest(route: `${'POST' | 'PUT'} /${string}`, session: string, json: string): string {
  const secret = session ? `x-cart-session: ${session}\r\n` : ''
  return (
    `${route} HTTP/1.1\r\nhost: 127.0.0.1\r\n${secret}` +
    `idempotency-key: ${nextIdempotencyKey()}\r\ncontent-type: application/json\r\n` +
    `content-length: ${json.length}\r\n\r\n${json}`
  )
}

const ADDRESS = JSON.stringify({
  street: '1 Main Street',
  city: 'Springfield',
  state: 'IL',
  postal_code: '62701',
  country: 'US',
})

/** Two lines of different variants, one and two pieces, for a random customer. */
function newOrder({ customer_ids, variant_ids }: Fixture): string {
  const first = Math.floor(Math.random() * variant_ids.length)
  const second =
    (first + 1 + Math.floor(Math.random() * (variant_ids.length - 1))) % variant_ids.length
  return (
    `{"customer_id":"${pick(customer_ids)}","items":[` +
    `{"product_id":"${variant_ids[first]}","quantity":1},` +
    `{"product_id":"${variant_ids[second]}","quantity":2}],"shipping_address":${ADDRESS}}`
  )
}

const HOME = JSON.stringify({
  first_name: 'Ada',
  last_name: 'Brook',
  address_line_1: '12 Harbour Street',
  city: 'Portland',
  province: 'ME',
  country_code: 'US',
  postal_code: '04101',
})

/** What a visitor does from an empty cart to a paid order: six calls. */
function purchase({ variant_ids }: Fixture): Step[] {
  let cart = ''
  let session = ''
  let checkout = ''
  return [
    () => guest('POST /api/v1/carts', '', '{}'),
    ({ data }) => {
      cart = data.id as string
      session = data.session_id as string
      const line = `{"variant_id":"${pick(variant_ids)}","quantity":1}`
      return guest(`POST /api/v1/carts/${cart}/items`, session, line)
    },
    () => {
      buyers = (buyers + 1) % BUYERS
      const start = `{"cart_id":"${cart}","email":"buyer-${runId}-${buyers}@bench.example","shipping_address":${HOME}}`
      return guest('POST /api/v1/checkout', session, start)
    },
    ({ data }) => {
      checkout = data.id as string
      return guest(
        `PUT /api/v1/checkout/${checkout}/shipping-method`,
        session,
        '{"method":"Standard"}',
      )
    },
    () =>
      guest(
        `PUT /api/v1/checkout/${checkout}/payment`,
        session,
        '{"payment_method":"CreditCard","payment_token":"pm_test_success"}',
      ),
    () => guest(`POST /api/v1/checkout/${checkout}/complete`, session, '{}'),
  ]
}
/** Guests that come back: each new one is a new customer. */
const BUYERS = 5000
let buyers = 0

const searchPath = (words: string[]): string =>
  `/api/v1/products/search?search=${pick(words)}&limit=20`

/** The bare Fastify route that reads are measured against; not a scenario of the product. */
export const bareRoute: Scenario = {
  title: 'bare Fastify route',
  kind: 'read',
  script: () => [() => get('/')],
}

/** Every scenario by the name that `--scenario` takes; reads first, because writes add rows. */
export const scenarios: Record<string, Scenario> = {
  'list-products': {
    title: 'list products, 20',
    kind: 'read',
    script: () => [() => get('/api/v1/products?limit=20')],
  },
  'get-product': {
    title: 'product by id',
    kind: 'read',
    script: ({ product_ids }) => [() => get(`/api/v1/products/${pick(product_ids)}`)],
  },
  'search-products': {
    title: 'search, a rare word',
    kind: 'read',
    script: ({ rare_words }) => [() => get(searchPath(rare_words))],
  },
  'search-common': {
    title: 'search, a word of every tenth product',
    kind: 'read',
    script: ({ common_words }) => [() => get(searchPath(common_words))],
  },
  'search-facets': {
    title: 'search with facets, a word of every tenth product',
    kind: 'read',
    script: ({ common_words }) => [() => get(`${searchPath(common_words)}&facets=true`)],
  },
  'list-orders-by-status': {
    title: 'list orders of a status',
    kind: 'read',
    script: ({ api_key }) => [() => get('/api/v1/orders?status=pending&limit=20', api_key)],
  },
  'list-orders-by-customer': {
    title: 'list orders of a customer',
    kind: 'read',
    script: ({ api_key, customer_ids }) => [
      () => get(`/api/v1/orders?customer_id=${pick(customer_ids)}&limit=20`, api_key),
    ],
  },
  'read-large-cart': {
    title: 'cart of 200 lines',
    kind: 'read',
    script: ({ large_cart }) => [
      () => get(`/api/v1/carts/${large_cart.id}?session_id=${large_cart.session_id}`),
    ],
  },
  'create-order': {
    title: 'create order',
    kind: 'write',
    script: (fixture) => [() => post('/api/v1/orders', fixture.api_key, newOrder(fixture))],
  },
  'create-and-pay': {
    title: 'create order and pay it (2 calls)',
    kind: 'write',
    script: (fixture) => [
      () => post('/api/v1/orders', fixture.api_key, newOrder(fixture)),
      ({ data }) =>
        post(
          '/api/v1/payments',
          fixture.api_key,
          `{"order_id":"${data.id}","amount":"${data.total_amount}","currency":"${data.currency}",` +
            '"payment_method":"credit_card"}',
        ),
    ],
  },
  'full-purchase': {
    title: 'full purchase of a guest (6 calls)',
    kind: 'write',
    script: purchase,
  },
  'reserve-and-release': {
    title: 'reserve and release (2 calls)',
    kind: 'write',
    script: (fixture) => {
      const { api_key, item_ids, location_id } = fixture
      const body = JSON.stringify({ location_id, quantity: 1 })
      let item = ''
      return [
        () => {
          item = pick(item_ids)
          return post(`/api/v1/inventory/${item}/reserve`, api_key, body)
        },
        ({ data }) =>
          post(
            `/api/v1/inventory/${item}/release`,
            api_key,
            `${body.slice(0, -1)},"reference_id":"${data.reservation_id}"}`,
          ),
      ]
    },
  },
  ...acpScenarios(nextIdempotencyKey),
}
