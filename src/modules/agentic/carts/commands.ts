import { expiryFrom } from '#modules/carts'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { pricedWishes, type Wishes } from '../choices.ts'
import { agenticErrors } from '../errors.ts'
import type { Shortages } from '../hold.ts'
import { linesOf } from '../items.ts'
import type { SessionMessage } from '../parts.ts'
import { toldOf } from '../telling.ts'
import type { AgentCart, CreateAgentCart, GetAgentCart, UpdateAgentCart } from './schemas.ts'
import { type CartRow, db } from './tables.ts'

const insertCart = insertRows(db, 'agentic_carts')
const cartById = prepared(db, (open, p: { id: CartRow['id'] }) =>
  open.selectFrom('agentic_carts').selectAll().where('id', '=', p.id),
)
const updateRow = prepared(db, (open, p: CartRow & { version_before: number }) =>
  open
    .updateTable('agentic_carts')
    .set({
      document: p.document,
      expires_at: p.expires_at,
      canceled_at: p.canceled_at,
      version: p.version,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version_before),
)

/**
 * Opens a cart in the shop's currency. What is short stays in it, with a message. Throws
 * `unknown_item`, `currency_not_sold`, and `nothing_available` if none of it can be had.
 */
export async function createCart(ctx: Context, input: CreateAgentCart): Promise<AgentCart> {
  const { now } = ctx
  const currency = ctx.settings.default_currency
  const times = { version: 1, created_at: now, updated_at: now, expires_at: expiryFrom(ctx) }
  const id = ctx.newId('agent_cart')
  const document = { id, ...(await told(ctx, input, { currency })), ...times }
  const row: CartRow = { id, agent: ctx.actor.id, document, canceled_at: null, ...times }
  await insertCart.run(ctx, { rows: [row] })
  return document
}

/** Replaces all that a cart has; its lines keep their ids, and it lives on from now. */
export async function updateCart(ctx: Context, input: UpdateAgentCart): Promise<AgentCart> {
  const row = await locked(ctx, input)
  const { currency, lines, locale } = row.document
  const shown = await told(ctx, { locale, ...input }, { currency, before: lines })
  return save(ctx, row, { expires_at: expiryFrom(ctx), document: { ...row.document, ...shown } })
}

/** Gives a cart up and answers what it was last; from now on it is not there. */
export async function cancelCart(ctx: Context, input: GetAgentCart): Promise<AgentCart> {
  const row = await locked(ctx, input)
  await save(ctx, row, { canceled_at: ctx.now })
  return row.document
}

/** A cart of the agent who asks. Throws `cart_not_found`, also for one that is over. */
export async function getCart(ctx: Context, input: GetAgentCart): Promise<AgentCart> {
  return (await find(ctx, input)).document
}

async function find(ctx: Context, { id }: GetAgentCart): Promise<CartRow> {
  const row = await cartById.first(ctx, { id })
  const isThere =
    row?.agent === ctx.actor.id && row.canceled_at === null && row.expires_at > ctx.now
  if (!row || !isThere) throw agenticErrors.cart_not_found({ cart_id: id })
  return row
}

async function locked(ctx: Context, ref: GetAgentCart): Promise<CartRow> {
  const [, row] = await Promise.all([lockEntity(ctx, 'agent_cart', ref.id), find(ctx, ref)])
  return row
}

async function save(ctx: Context, before: CartRow, change: Partial<CartRow>): Promise<AgentCart> {
  const version = before.version + 1
  const next = { ...before, ...change, version, updated_at: ctx.now }
  const { expires_at, updated_at } = next
  const document = { ...next.document, version, updated_at, expires_at }
  const { affected } = await updateRow.run(ctx, {
    ...next,
    document,
    version_before: before.version,
  })
  if (affected !== 1) throw new TryAgain(`cart ${before.id} changed meanwhile`)
  return document
}

type Known = { currency: string; before?: AgentCart['lines'] }

/** What a cart comes to, as far as that can be said without an address. */
async function told(ctx: Context, input: CreateAgentCart, { currency, before = [] }: Known) {
  const { lines, catalogue } = await linesOf(ctx, { items: input.items, currency, before })
  const wishes: Wishes = {
    lines,
    currency,
    buyer: input.buyer ?? null,
    fulfillment_details: null,
    selected: [],
    groups: [],
    codes: [],
  }
  const priced = await pricedWishes(ctx, wishes, { catalogue, availability: true })
  const short: Shortages = new Map(
    priced.lines.flatMap(({ line, available }) =>
      available !== null && available < line.quantity ? [[line.variant_id, available]] : [],
    ),
  )
  const shown = toldOf(ctx, wishes, { priced, short })
  if (shown.lines.every(({ availability }) => availability === 'out_of_stock')) {
    throw agenticErrors.nothing_available()
  }
  return {
    currency,
    buyer: wishes.buyer,
    lines: shown.lines,
    totals: shown.totals,
    messages: shown.messages.filter((message) => !isAboutAddress(message)),
    locale: input.locale ?? null,
  }
}

/** A cart knows no address and wants none. */
const isAboutAddress = ({ param }: SessionMessage) =>
  param?.startsWith('$.fulfillment_details') ?? false
