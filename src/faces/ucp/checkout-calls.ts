import type { AgentSession, CreateSession } from '#modules/agentic'
import { linkedActor } from '#modules/ucp'
import type { Asked, Call } from './calls.ts'
import { cartItems } from './cart-calls.ts'
import { printedCheckout } from './checkout-answers.ts'
import { createFrom, paymentFrom, wholeOf } from './checkout-requests.ts'
import { UcpFault } from './fault.ts'
import { VERSION } from './profile.ts'
import { type Checkout, readCheckout, readComplete } from './requests.ts'

const capability = 'dev.ucp.shopping.checkout'
const scope = 'dev.ucp.shopping.checkout:manage'

async function itemsOf(asked: Asked, { cart_id, line_items }: Checkout) {
  if (cart_id !== undefined) return cartItems(asked, cart_id)
  if (line_items) return line_items.map(({ item, quantity }) => ({ id: item.id, quantity }))
  throw new UcpFault(400, 'invalid_request', 'line_items: is required')
}

async function create(asked: Asked): Promise<AgentSession> {
  const checkout = withPerson(asked, readCheckout(asked.body))
  const items = await itemsOf(asked, checkout)
  if (items.length === 0) throw new UcpFault(400, 'invalid_request', 'The cart is empty.')
  const session: CreateSession = createFrom(checkout, items)
  const { profile_url, webhook_url } = asked.platform
  const platform = { version: VERSION, profile_url, webhook_url }
  return (await asked.caller.ask('ucp.create_checkout', { session, platform })) as AgentSession
}

/** Who has linked the platform is the buyer, by the e-mail that the shop knows. */
function withPerson({ caller }: Asked, checkout: Checkout): Checkout {
  const person = linkedActor(caller.actor)?.person
  if (!person) return checkout
  return { ...checkout, buyer: { ...person, ...checkout.buyer, email: person.email } }
}

/** Everything is replaced: what is not sent is gone. */
async function update(asked: Asked): Promise<AgentSession> {
  const { caller, id, body } = asked
  const checkout = withPerson(asked, readCheckout(body))
  const { line_items } = checkout
  if (!line_items) throw new UcpFault(400, 'invalid_request', 'line_items: is required')
  const items = line_items.map(({ item, quantity }) => ({ id: item.id, quantity }))
  const whole = wholeOf(checkout)
  return (await caller.ask('agentic.update_session', { id, items, ...whole })) as AgentSession
}

async function complete({ caller, id, body }: Asked): Promise<AgentSession> {
  const { payment } = readComplete(body)
  const session = (await caller.ask('agentic.get_session', { id })) as AgentSession
  const input = { id, payment: paymentFrom(payment, session.buyer) }
  return (await caller.ask('agentic.complete_session', input)) as AgentSession
}

const session =
  (run: (asked: Asked) => Promise<AgentSession>): Call['run'] =>
  async (asked) =>
    printedCheckout(asked.app, asked.platform, await run(asked))

export const checkoutCalls: readonly Call[] = [
  {
    name: 'create_checkout',
    title: 'Create a checkout',
    description: 'Opens a checkout of items; answers prices, options and what is missing.',
    route: 'POST /checkout-sessions',
    status: 201,
    capability,
    scope,
    operations: ['ucp.create_checkout'],
    kind: 'adds',
    argument: 'checkout',
    run: session(create),
  },
  {
    name: 'get_checkout',
    title: 'Read a checkout',
    description: 'A checkout as it stands now.',
    route: 'GET /checkout-sessions/:id',
    status: 200,
    capability,
    scope,
    operations: ['agentic.get_session'],
    kind: 'reads',
    run: session(
      async ({ caller, id }) => (await caller.ask('agentic.get_session', { id })) as AgentSession,
    ),
  },
  {
    name: 'update_checkout',
    title: 'Update a checkout',
    description: 'Replaces a checkout whole: what is not sent is gone.',
    route: 'PUT /checkout-sessions/:id',
    status: 200,
    capability,
    scope,
    operations: ['agentic.update_session'],
    kind: 'sets',
    argument: 'checkout',
    run: session(update),
  },
  {
    name: 'complete_checkout',
    title: 'Complete a checkout',
    description: 'Pays and places the order. Ask the buyer before.',
    route: 'POST /checkout-sessions/:id/complete',
    status: 200,
    capability,
    scope,
    operations: ['agentic.complete_session'],
    kind: 'destroys',
    argument: 'checkout',
    demandsKey: true,
    isSigned: true,
    run: session(complete),
  },
  {
    name: 'cancel_checkout',
    title: 'Cancel a checkout',
    description: 'Gives a checkout up; what it holds is free again.',
    route: 'POST /checkout-sessions/:id/cancel',
    status: 200,
    capability,
    scope,
    operations: ['agentic.cancel_session'],
    kind: 'destroys',
    demandsKey: true,
    run: session(
      async ({ caller, id }) =>
        (await caller.ask('agentic.cancel_session', { id })) as AgentSession,
    ),
  },
]
