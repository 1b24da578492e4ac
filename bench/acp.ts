import type { Fixture, Scenario, Step } from './scenarios.ts'

// What agents do by ACP (2026-04-17). Its answers are bare, not in the envelope of all others.

const VERSION = '2026-04-17'
const BUYERS = 5000
const BUYER = {
  first_name: 'Ada',
  last_name: 'Brook',
}
const ADDRESS = {
  name: 'Ada Brook',
  line_one: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  country: 'US',
  postal_code: '04101',
}
const PAYMENT = {
  payment_data: {
    handler_id: 'card_tokenized',
    instrument: { type: 'card', credential: { type: 'spt', token: 'pm_test_success' } },
  },
}

type Bare = { id: string; fulfillment_options: { id: string }[] }
type NewKey = () => string

/** The scenarios of agents; `newKey` makes an Idempotency-Key that was never used. */
export const acpScenarios = (newKey: NewKey): Record<string, Scenario> => ({
  'acp-purchase': {
    title: 'ACP purchase: create, update, complete',
    kind: 'write',
    script: (fixture) => purchase(fixture, newKey),
  },
  'acp-read': {
    title: 'ACP session, read',
    kind: 'read',
    script: ({ api_key, agent_session }) => [
      () =>
        `GET /checkout_sessions/${agent_session} HTTP/1.1\r\nhost: 127.0.0.1\r\n` +
        `authorization: Bearer ${api_key}\r\napi-version: ${VERSION}\r\n\r\n`,
    ],
  },
})

let buyers = 0

function purchase({ api_key, variant_ids }: Fixture, newKey: NewKey): Step[] {
  const post = (path: string, body: object) => sent({ path, api_key, key: newKey(), body })
  let id = ''
  return [
    () => {
      const variant = variant_ids[Math.floor(Math.random() * variant_ids.length)] as string
      buyers = (buyers + 1) % BUYERS
      return post('/checkout_sessions', creation(variant, `agent-${buyers}@bench.example`))
    },
    (answered) => {
      const session = answered as unknown as Bare
      id = session.id
      const option_id = session.fulfillment_options.at(-1)?.id
      const chosen = [{ type: 'shipping', option_id, item_ids: [] }]
      return post(`/checkout_sessions/${id}`, { selected_fulfillment_options: chosen })
    },
    () => post(`/checkout_sessions/${id}/complete`, PAYMENT),
  ]
}

const creation = (variant: string, email: string) => ({
  line_items: [{ id: variant, quantity: 1 }],
  currency: 'usd',
  capabilities: {},
  buyer: { ...BUYER, email },
  fulfillment_details: { address: ADDRESS },
})

type Sent = { path: string; api_key: string; key: string; body: object }

/** A POST of a body (ASCII only: its length is taken for its bytes). */
function sent({ path, api_key, key, body }: Sent): string {
  const json = JSON.stringify(body)
  return (
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${api_key}\r\n` +
    `api-version: ${VERSION}\r\nidempotency-key: ${key}\r\ncontent-type: application/json\r\n` +
    `content-length: ${json.length}\r\n\r\n${json}`
  )
}

/** Opens the session that the reads ask for. */
export async function openSession(
  port: number,
  { api_key, variant_ids }: Pick<Fixture, 'api_key' | 'variant_ids'>,
): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/checkout_sessions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${api_key}`,
      'api-version': VERSION,
      'idempotency-key': 'bench-session',
    },
    body: JSON.stringify(creation(variant_ids[0] as string, 'reader@bench.example')),
  })
  const session = (await response.json()) as Bare
  if (!response.ok) throw new Error(`no session could be opened: ${JSON.stringify(session)}`)
  return session.id
}
