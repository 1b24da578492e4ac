import type { Id } from '#kit/ids'
import { formatMoney, parseMoney } from '#kit/money'
import { addItem, type Cart, cartErrors, cartEvents, findCart } from '#modules/carts'
import type { Context } from '#platform/context'
import { type DomainEvent, emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { agentEvents } from '../events.ts'
import type { AddAgentItem } from '../schemas.ts'
import { type AgentRow, db } from '../tables.ts'
import { heldAgent, takeAllowance } from './allowance.ts'

const insertAdditions = insertRows(db, 'agent_additions')

/**
 * Puts units into the cart of a customer for them. It must be their cart; whoever asks is
 * remembered as the one who did it. Throws what `carts.add_item` throws, `not_registered`,
 * `paused`, `over_limit`.
 */
export async function addAgentItem(ctx: Context, input: AddAgentItem): Promise<Cart> {
  const { customer_id, cart_id, ...item } = input
  const agent = await heldAgent(ctx)
  const asCustomer = { ...ctx, actor: { ...ctx.actor, customer_id } }
  const { cart } = await findCart(asCustomer, { id: cart_id })
  if (cart.customer_id !== customer_id) throw cartErrors.not_found({ cart_id })
  const told = await addItem(asCustomer, { id: cart.id, ...item })
  if (agent) await writeDown(ctx, agent, told)
  return told
}

type Added = { cart_id: Id<'cart'>; variant_id: Id<'variant'>; added: number }

/** Counts what was put in against the limits, and keeps it. */
async function writeDown(ctx: Context, agent: AgentRow, cart: Cart): Promise<void> {
  const { currency, customer_id } = cart
  const isAdding = ({ name }: DomainEvent) => name === cartEvents.item_added.type
  const { payload } = ctx.emitted.findLast(isAdding) as DomainEvent
  const { cart_id, variant_id, added: quantity } = payload as Added
  const line = cart.items.find((item) => item.variant_id === variant_id)
  const unit = parseMoney(line?.unit_price ?? formatMoney(0, currency), currency)
  const amount = unit * quantity
  await takeAllowance(ctx, agent, { cart_id, currency, amount })
  const agent_id = agent.id
  const addition = {
    agent_id,
    cart_id,
    customer_id: customer_id as Id<'customer'>,
    variant_id,
    quantity,
    currency,
    amount,
  }
  emit(ctx, agentEvents.added_to_cart(addition))
  const id = ctx.newId('agent_addition')
  const row = { ...addition, id, day: ctx.now.slice(0, 10), created_at: ctx.now }
  await insertAdditions.run(ctx, { rows: [row] })
}
