import { DomainError } from '#kit/errors'
import type { PricedCart } from '#modules/carts'
import {
  AGENT_SESSION,
  assertReserved,
  destinationOf,
  extendReservations,
  inventoryErrors,
  planReservation,
  type ReservationPlan,
  type Reserved,
  releaseReservations,
  reservationWrites,
} from '#modules/inventory'
import type { Context } from '#platform/context'
import type { Bound } from '#platform/database/prepared'
import type { Written } from './find.ts'
import type { AgentSession } from './schemas.ts'
import type { SessionRow } from './tables.ts'

const MINUTE_MS = 60_000
/** Units are promised a little longer than a session lives, so that most changes leave them be. */
const GRACE_MINUTES = 5

const later = (now: string, minutes: number): string =>
  new Date(Date.parse(now) + minutes * MINUTE_MS).toISOString()

/** When a session that is touched now will end. */
export const expiryFrom = ({ now, settings }: Context): string =>
  later(now, settings.checkout_lifetime_minutes)

/** Who holds the units of a session. */
export const holderOf = ({ id }: Pick<SessionRow, 'id'>) => ({
  reference_type: AGENT_SESSION,
  reference_id: id,
})

/** How many units of a variant can be had, where that is fewer than are wanted. */
export type Shortages = ReadonlyMap<string, number>

/** What is to be written so that a session holds its units, and what it will hold then. */
export type Hold = {
  held_until: string | null
  short: Shortages
  writes: Record<string, Bound<unknown>>
  /** Sees to it that the writes held what was planned. */
  check: (written: Written) => void
}
const NOTHING: Hold = { held_until: null, short: new Map(), writes: {}, check: () => {} }

type For = Pick<SessionRow, 'id'> & Pick<AgentSession, 'fulfillment_details'>

/**
 * Plans to promise a session all units of its cart, or none where some are short: then nothing can
 * be bought yet, and others may.
 */
export async function holdAll(ctx: Context, session: For, priced: PricedCart): Promise<Hold> {
  const demands = demandsOf(priced)
  if (demands.length === 0) return NOTHING
  const held_until = later(expiryFrom(ctx), GRACE_MINUTES)
  const destination = destinationOf(session.fulfillment_details?.address)
  let plan: ReservationPlan
  try {
    plan = await planReservation(ctx, demands, {
      ...holderOf(session),
      expires_at: held_until,
      destination,
    })
  } catch (error) {
    const short = shortagesIn(error, priced)
    if (short) return { ...NOTHING, short }
    throw error
  }
  return {
    held_until,
    short: new Map(),
    writes: reservationWrites(ctx, plan),
    check: (written) => assertReserved(ctx, plan, written as Reserved),
  }
}

/** What is held stays held a while longer, where a later end of the session asks for it. */
export function holdLonger(ctx: Context, session: SessionRow): Hold {
  const { held_until } = session
  if (held_until === null || expiryFrom(ctx) <= held_until) return { ...NOTHING, held_until }
  const until = later(expiryFrom(ctx), GRACE_MINUTES)
  const longer = { ...holderOf(session), expires_at: until, now: ctx.now }
  return { ...NOTHING, held_until: until, writes: { held: extendReservations.bind(ctx, longer) } }
}

/** Gives back what a session holds. */
export const letGo = (ctx: Context, session: Pick<SessionRow, 'id'>) =>
  releaseReservations(ctx, holderOf(session))

const demandsOf = ({ lines }: PricedCart) =>
  lines.flatMap(({ line, sellable }) =>
    sellable?.item_id ? [{ item_id: sellable.item_id, quantity: line.quantity }] : [],
  )

type Short = { item_id: string; available: number }

function shortagesIn(error: unknown, { lines }: PricedCart): Shortages | undefined {
  const isShort =
    error instanceof DomainError && error.code === inventoryErrors.insufficient_stock.spec.code
  if (!isShort) return undefined
  const shortages = (error.details.shortages ?? []) as readonly Short[]
  const left = new Map(shortages.map(({ item_id, available }) => [item_id, available]))
  return new Map(
    lines.flatMap(({ line, sellable }) => {
      const available = sellable?.item_id ? left.get(sellable.item_id) : undefined
      return available === undefined ? [] : [[line.variant_id as string, Math.max(0, available)]]
    }),
  )
}
