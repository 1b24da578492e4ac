import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { namedLines, pricedWishes, requireOffered, tidied, type Wishes } from '../choices.ts'
import { agenticErrors } from '../errors.ts'
import { lockedSession, requireOpen, saveSession } from '../find.ts'
import { expiryFrom, type Hold, holdAll, holdLonger, letGo } from '../hold.ts'
import { linesOf, type WantedLine } from '../items.ts'
import { agentSessionLifecycle, MOVES } from '../lifecycle.ts'
import { fitting } from '../metadata.ts'
import type { AgentSession, UpdateSession } from '../schemas.ts'
import { negotiated } from '../shop.ts'
import type { SessionRow, Told } from '../tables.ts'
import { toldOf } from '../telling.ts'

/**
 * Takes down what an agent says later, prices the session anew and holds what it needs now. A list
 * replaces the one before, null clears, what is absent stays. Throws `ended`, `busy` while its
 * payment is under way, and what `createSession` throws.
 */
export async function updateSession(ctx: Context, input: UpdateSession): Promise<AgentSession> {
  const row = await lockedSession(ctx, input)
  requireVersion(ctx, row.version)
  requireOpen(ctx, row)
  const { id: session_id, status, document } = row
  if (row.order_id) throw agenticErrors.busy({ session_id, status })
  const { lines, catalogue } = await wantedLines(ctx, input, document)
  const wishes = wishesAfter(input, document, lines)
  const priced = await pricedWishes(ctx, wishes, { catalogue })
  requireOffered(input.selected ?? [], priced)
  const hold = await heldFor(ctx, row, {
    lines,
    plan: () => holdAll(ctx, { id: session_id, ...wishes }, priced),
  })
  const told = toldOf(ctx, wishes, { priced, short: hold.short, before: document })
  const said = toldAfter(input, row.told)
  const { row: saved, written } = await saveSession(ctx, row, {
    change: {
      status: agentSessionLifecycle.next(status, MOVES[told.status]),
      total_amount: told.totals.total,
      held_until: hold.held_until,
      expires_at: expiryFrom(ctx),
      told: said,
      document: {
        ...told,
        ...negotiated(said),
        ...(input.metadata !== undefined && { metadata: fitting(input.metadata) ?? null }),
      },
    },
    writes: hold.writes,
  })
  hold.check(written)
  return saved.document
}

async function wantedLines(ctx: Context, { items }: UpdateSession, document: AgentSession) {
  const { lines: before, currency } = document
  if (items) return linesOf(ctx, { items, currency, before })
  return { lines: before, catalogue: undefined }
}

function wishesAfter(
  input: UpdateSession,
  document: AgentSession,
  lines: readonly WantedLine[],
): Wishes {
  const known = new Set(lines.map(({ id }) => id))
  const selected =
    input.selected === undefined
      ? document.selected.map((one) => ({
          ...one,
          line_ids: one.line_ids.filter((id) => known.has(id)),
        }))
      : namedLines(input.selected ?? [], lines)
  return {
    lines,
    currency: document.currency,
    selected,
    buyer: input.buyer === undefined ? document.buyer : input.buyer,
    fulfillment_details:
      input.fulfillment_details === undefined
        ? document.fulfillment_details
        : tidied(input.fulfillment_details),
    groups: input.groups === undefined ? document.groups : (input.groups ?? []),
    codes: input.codes === undefined ? document.discounts.codes : (input.codes ?? []),
  }
}

type Wanted = { lines: readonly WantedLine[]; plan: () => Promise<Hold> }

/** What is held already stays, unless other units are wanted now. */
async function heldFor(ctx: Context, row: SessionRow, { lines, plan }: Wanted): Promise<Hold> {
  const before = new Map(row.document.lines.map(({ id, quantity }) => [id, quantity]))
  const isSame =
    lines.length === before.size && lines.every(({ id, quantity }) => before.get(id) === quantity)
  if (isSame && row.held_until) return holdLonger(ctx, row)
  if (row.held_until) await letGo(ctx, row)
  return plan()
}

const toldAfter = (input: UpdateSession, told: Told): Told => ({
  ...told,
  ...(input.order_notes !== undefined && { order_notes: input.order_notes ?? null }),
  ...(input.interventions && { interventions: input.interventions }),
  ...(input.extensions && { extensions: input.extensions }),
})
