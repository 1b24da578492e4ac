import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { namedLines, pricedWishes, requireOffered, tidied, type Wishes } from '../choices.ts'
import { agenticEvents } from '../events.ts'
import { insertSession, type Written } from '../find.ts'
import { expiryFrom, holdAll } from '../hold.ts'
import { linesOf } from '../items.ts'
import { fitting } from '../metadata.ts'
import type { AgentSession, CreateSession } from '../schemas.ts'
import { consentsOf, linksOf, negotiated } from '../shop.ts'
import type { SessionRow, Told } from '../tables.ts'
import { toldOf } from '../telling.ts'

/**
 * Begins a purchase for a buyer: prices it, holds its units, and stores all that is shown of it.
 * What keeps it from being paid is told in its messages. Throws `unknown_item`,
 * `currency_not_sold`, `invalid`.
 */
export async function createSession(ctx: Context, input: CreateSession): Promise<AgentSession> {
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const { lines, catalogue } = await linesOf(ctx, { items: input.items, currency })
  const selected = namedLines(input.selected ?? [], lines)
  const wishes: Wishes = {
    lines,
    currency,
    buyer: input.buyer ?? null,
    fulfillment_details: tidied(input.fulfillment_details),
    selected,
    groups: input.groups ?? [],
    codes: input.codes ?? [],
  }
  const id = ctx.newId('agent_session')
  const priced = await pricedWishes(ctx, wishes, { catalogue })
  requireOffered(selected, priced)
  const hold = await holdAll(ctx, { id, ...wishes }, priced)
  const told = toldOf(ctx, wishes, { priced, short: hold.short })
  const row = newRow(ctx, input, { id, told, held_until: hold.held_until })
  emit(
    ctx,
    agenticEvents.created({
      session_id: id,
      agent: row.agent,
      protocol: input.protocol,
      currency,
      total_amount: row.total_amount,
    }),
  )
  const written: Written = await writeTogether(ctx, {
    ...hold.writes,
    session: insertSession.bind(ctx, { rows: [row] }),
  })
  hold.check(written)
  return row.document
}

type New = Pick<SessionRow, 'id' | 'held_until'> & { told: ReturnType<typeof toldOf> }

function newRow(ctx: Context, input: CreateSession, { id, told, held_until }: New): SessionRow {
  const { now } = ctx
  const times = { version: 1, created_at: now, updated_at: now, expires_at: expiryFrom(ctx) }
  const said = privately(input)
  const document: AgentSession = {
    id,
    ...told,
    ...negotiated(said),
    links: linksOf(ctx),
    consent_options: consentsOf(ctx),
    authentication: null,
    order: null,
    metadata: fitting(input.metadata) ?? null,
    locale: input.locale ?? null,
    timezone: input.timezone ?? null,
    quote_id: input.quote_id ?? null,
    ...times,
  }
  return {
    id,
    agent: ctx.actor.id,
    status: told.status,
    currency: told.currency,
    total_amount: told.totals.total,
    document,
    told: said,
    customer_id: null,
    order_id: null,
    held_until,
    ended_at: null,
    ...times,
  }
}

const privately = (input: CreateSession): Told => ({
  protocol: input.protocol,
  interventions: input.interventions ?? [],
  extensions: input.extensions ?? [],
  order_notes: input.order_notes ?? null,
  first_touch: input.attribution ?? null,
  last_touch: null,
  consents: [],
  intent_trace: null,
  order: null,
  browser: null,
})
