// An agent hands its buyer's card over for one purchase: a token that pays once, and no more.
//
//   npm start                                                 in one terminal; it prints an API key
//   KEY=sk_… node scripts/run.mjs examples/agentic-vault.ts   in another

const API = process.env.API ?? 'http://localhost:8080'
const KEY = process.env.KEY ?? ''
if (!KEY) throw new Error('Set KEY to the API key that `npm start` printed.')

const say = (line: string) => console.log(line)

/** One call of the agent: its status and its bare answer. */
async function acp(route: string, body?: object): Promise<{ status: number; answer: any }> {
  const [method, path] = route.split(' ') as [string, string]
  const response = await fetch(API + path, {
    method,
    headers: {
      Authorization: `Bearer ${KEY}`,
      'API-Version': '2026-04-17',
      'Idempotency-Key': crypto.randomUUID(),
      'Content-Type': 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: await response.json() }
}

// The agent reads the feed, and finds something that is there.
const feed = await (await fetch(`${API}/api/v1/feeds/products.jsonl`)).text()
const products = feed
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const variants = products.flatMap((product) => product.variants)
const variant = variants.find(({ availability }) => availability.status === 'in_stock')
say(`Of ${products.length} products in the feed the agent takes ${variant.title}.`)

const address = {
  name: 'Ada Brook',
  line_one: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  country: 'US',
  postal_code: '04101',
}
async function openSession() {
  const { status, answer } = await acp('POST /checkout_sessions', {
    line_items: [{ id: variant.id, quantity: 1 }],
    currency: 'usd',
    capabilities: {},
    buyer: { email: 'ada.brook@example.com' },
    fulfillment_details: { address },
  })
  if (status !== 201) throw new Error(JSON.stringify(answer))
  const { amount } = answer.totals.find(({ type }: { type: string }) => type === 'total')
  return { session: answer, total: amount as number }
}
const { session, total } = await openSession()

/** Hands a card over, for this session alone and at most for `max_amount`. */
const handOver = (number: string, max_amount: number) =>
  acp('POST /agentic_commerce/delegate_payment', {
    payment_method: {
      type: 'card',
      card_number_type: 'fpan',
      number,
      exp_month: '11',
      exp_year: '2041',
      cvc: '223',
      display_card_funding_type: 'credit',
      metadata: {},
    },
    allowance: {
      reason: 'one_time',
      max_amount,
      currency: 'usd',
      checkout_session_id: session.id,
      merchant_id: 'tradepost',
      expires_at: '2041-01-01T00:00:00Z',
    },
    risk_signals: [],
    metadata: {},
  })

const pay = (id: string, token: string) =>
  acp(`POST /checkout_sessions/${id}/complete`, {
    payment_data: {
      handler_id: session.capabilities.payment.handlers[0].id,
      instrument: { type: 'card', credential: { type: 'spt', token } },
    },
  })

const typo = await handOver('4242424242424241', total)
say(`\nA number with a slip is refused: ${typo.answer.param}: ${typo.answer.message}`)

const small = await handOver('4242424242424242', total - 1)
const tooLittle = await pay(session.id, small.answer.id)
say(`A token for a cent too little does not pay: ${tooLittle.answer.message}`)

const { answer: token } = await handOver('4242424242424242', total)
say(`\nA token for ${(total / 100).toFixed(2)}: ${token.id.slice(0, 7)}…`)
const paid = await pay(session.id, token.id)
if (paid.answer.status !== 'completed') throw new Error(JSON.stringify(paid.answer))
say(`${paid.answer.status}: ${paid.answer.order.permalink_url}`)

const { session: another } = await openSession()
const again = await pay(another.id, token.id)
if (again.status < 400) throw new Error('The token paid twice.')
say(`\nFor another session the same token is no good: ${again.answer.message}`)
