import { AgentSession, agenticErrors, createSession } from '#modules/agentic'
import { pricingErrors } from '#modules/pricing'
import type { Context } from '#platform/context'
import { command, query } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { ucpErrors as errors } from './errors.ts'
import { type Brought, orderDocument } from './order-document.ts'
import { CreateUcpCheckout, GetUcpOrder, UcpOrder } from './schemas.ts'
import { db } from './tables.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const permission = 'agentic:use'
const insertCheckouts = insertRows(db, 'ucp_checkouts')

/** Begins a session and keeps by which platform, in one transaction. */
async function createCheckout(ctx: Context, { session, platform }: CreateUcpCheckout) {
  const { version, profile_url, webhook_url = null } = platform
  const made = await createSession(ctx, session)
  const row = { session_id: made.id, agent: ctx.actor.id, version, profile_url, webhook_url }
  await insertCheckouts.run(ctx, { rows: [{ ...row, created_at: ctx.now }] })
  return made
}

/**
 * An order that the caller brought, or that is theirs. Throws `order_not_found`, also for
 * another's.
 */
async function getOrder(ctx: Context, { id: order_id }: GetUcpOrder): Promise<UcpOrder> {
  const found = await orderDocument(ctx, order_id)
  if (!found || !isTheirs(ctx, found)) throw errors.order_not_found({ order_id })
  return found.document
}

/**
 * The agent that brought it, or the customer whose it is, through any platform that they linked.
 */
const isTheirs = ({ actor }: Context, { agent, customer_id }: Brought): boolean =>
  agent === actor.id || (actor.own_only && actor.customer_id === customer_id)

export const operations = [
  command('ucp.create_checkout', {
    permission,
    isolation: 'read committed',
    rest: 'POST /api/v1/ucp/checkouts',
    summary: 'Begin a purchase for a platform of the Universal Commerce Protocol',
    description:
      'What `agentic.create_session` does, with the platform that hears of the order. Platforms use `/ucp` themselves.',
    status: 201,
    input: CreateUcpCheckout,
    output: AgentSession,
    errors: [
      agenticErrors.unknown_item,
      agenticErrors.currency_not_sold,
      agenticErrors.invalid,
      pricingErrors.too_large,
    ],
    example: {
      session: { items: [{ id: 'MUG', quantity: 1 }], protocol: 'ucp/2026-04-08' },
      platform: {
        version: '2026-04-08',
        profile_url: 'https://platform.example/.well-known/ucp',
      },
    },
    run: createCheckout,
  }),
  query('ucp.get_order', {
    permission,
    rest: 'GET /api/v1/ucp/orders/:id',
    summary: 'Read an order that the caller brought, as the protocol tells it',
    description: 'Amounts are minor units. Orders of others are not there.',
    input: GetUcpOrder,
    output: UcpOrder,
    errors: [errors.order_not_found],
    example: { id },
    run: getOrder,
  }),
]
