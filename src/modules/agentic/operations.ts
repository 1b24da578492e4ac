import { agentErrors } from '#modules/agents'
import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { paymentErrors } from '#modules/payments'
import { pricingErrors } from '#modules/pricing'
import { promotionErrors } from '#modules/promotions'
import { vaultErrors } from '#modules/vault'
import { command, process, query } from '#platform/operations'
import * as cart from './carts/commands.ts'
import * as ofCart from './carts/schemas.ts'
import { cancelSession } from './commands/cancel-session.ts'
import { completeSession } from './commands/complete-session.ts'
import { createSession } from './commands/create-session.ts'
import { updateSession } from './commands/update-session.ts'
import { agenticErrors as errors } from './errors.ts'
import { getSession } from './queries.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const permission = 'agentic:use'
const quickly = { permission, isolation: 'read committed' } as const
const BUYER = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
const ADDRESS = {
  name: 'Ada Brook',
  line_one: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}
const pricing = [
  errors.unknown_item,
  errors.currency_not_sold,
  errors.invalid,
  pricingErrors.too_large,
]
const MINE = 'A session belongs to the credential that made it; others are told it is not there.'

export const operations = [
  command('agentic.create_session', {
    ...quickly,
    rest: 'POST /api/v1/agentic/sessions',
    summary: 'Begin a purchase for a buyer, as an agent',
    description:
      'Prices the articles, holds their units, and answers what the agent protocols (ACP, UCP) are rendered from. ' +
      `Amounts are minor units. What keeps it from being paid is in \`messages\`. ${MINE}`,
    status: 201,
    input: of.CreateSession,
    output: of.AgentSession,
    errors: pricing,
    example: {
      items: [{ id: 'MUG', quantity: 2 }],
      buyer: BUYER,
      fulfillment_details: { address: ADDRESS },
      protocol: 'rest',
    },
    run: createSession,
  }),
  query('agentic.get_session', {
    permission,
    rest: 'GET /api/v1/agentic/sessions/:id',
    summary: 'Read a session of an agent as it was shown last',
    description: MINE,
    consistency: 'statement',
    input: of.GetSession,
    output: of.AgentSession,
    errors: [errors.not_found],
    example: { id },
    run: getSession,
  }),
  command('agentic.update_session', {
    ...quickly,
    rest: 'POST /api/v1/agentic/sessions/:id',
    summary: 'Change a session of an agent',
    description: 'A list replaces the one before, null clears, and what is absent stays.',
    input: of.UpdateSession,
    output: of.AgentSession,
    errors: [errors.not_found, errors.ended, errors.busy, ...pricing],
    example: { id, codes: ['WELCOME10'] },
    run: updateSession,
  }),
  process('agentic.complete_session', {
    permission,
    rest: 'POST /api/v1/agentic/sessions/:id/complete',
    summary: 'Place the order of a session and pay it',
    description:
      'Makes one order and takes its money once, however often it is called. A declined payment leaves the session ' +
      'ready, with a message. 3-D Secure leads to `authentication_required`: call again with its result. ' +
      'If it comes to another total than was shown, that is shown, and nothing is charged.',
    input: of.CompleteSession,
    output: of.AgentSession,
    errors: [
      errors.not_found,
      errors.ended,
      errors.not_ready,
      errors.payment_missing,
      errors.requires_authentication,
      errors.invalid,
      inventoryErrors.insufficient_stock,
      orderErrors.total_too_large,
      pricingErrors.too_large,
      promotionErrors.coupon_used_up,
      promotionErrors.coupon_refused,
      paymentErrors.not_configured,
      paymentErrors.in_progress,
      paymentErrors.cannot_confirm,
      vaultErrors.token_unknown,
      vaultErrors.token_used,
      vaultErrors.token_expired,
      vaultErrors.other_session,
      vaultErrors.other_merchant,
      vaultErrors.other_currency,
      vaultErrors.amount_exceeded,
      agentErrors.paused,
      agentErrors.over_limit,
    ],
    example: { id, payment: { token: 'pm_test_success' } },
    run: completeSession,
  }),
  command('agentic.cancel_session', {
    ...quickly,
    rest: 'POST /api/v1/agentic/sessions/:id/cancel',
    summary: 'Give a session of an agent up',
    description: 'What it holds is available at once.',
    input: of.CancelSession,
    output: of.AgentSession,
    errors: [errors.not_found, errors.ended, errors.busy],
    example: { id },
    run: cancelSession,
  }),
  command('agentic.create_cart', {
    ...quickly,
    rest: 'POST /api/v1/agentic/carts',
    summary: 'Open a cart, as an agent',
    description: `Estimates in the shop's currency; nothing is held. ${MINE}`,
    status: 201,
    input: ofCart.CreateAgentCart,
    output: ofCart.AgentCart,
    errors: [errors.nothing_available, ...pricing],
    example: { items: [{ id: 'MUG', quantity: 2 }] },
    run: cart.createCart,
  }),
  query('agentic.get_cart', {
    permission,
    rest: 'GET /api/v1/agentic/carts/:id',
    summary: 'Read a cart of an agent',
    description: MINE,
    consistency: 'statement',
    input: ofCart.GetAgentCart,
    output: ofCart.AgentCart,
    errors: [errors.cart_not_found],
    example: { id },
    run: cart.getCart,
  }),
  command('agentic.update_cart', {
    ...quickly,
    rest: 'PUT /api/v1/agentic/carts/:id',
    summary: 'Replace what is in a cart of an agent',
    input: ofCart.UpdateAgentCart,
    output: ofCart.AgentCart,
    errors: [errors.cart_not_found, errors.nothing_available, ...pricing],
    example: { id, items: [{ id: 'MUG', quantity: 1 }] },
    run: cart.updateCart,
  }),
  command('agentic.cancel_cart', {
    ...quickly,
    rest: 'POST /api/v1/agentic/carts/:id/cancel',
    summary: 'Give a cart of an agent up',
    description: 'Answers it as it was last; from then on it is not there.',
    input: ofCart.GetAgentCart,
    output: ofCart.AgentCart,
    errors: [errors.cart_not_found],
    example: { id },
    run: cart.cancelCart,
  }),
]
