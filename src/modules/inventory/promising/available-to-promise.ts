import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { utcDay } from '#platform/database/days'
import { prepared, rawQuery } from '#platform/database/prepared'
import { invalidField } from '#platform/operations'
import { availableOfLevel } from '../available.ts'
import { findItem, findLocation } from '../find.ts'
import { transferNumber } from '../transfers/find.ts'
import { type DayChange, promiseDate, promises } from './promise.ts'
import { type AvailableToPromise, type GetPromise, HORIZON_MAX_DAYS } from './schemas.ts'
import { db } from './tables.ts'

const DAY_MS = 86_400_000
const HORIZON_DAYS = 90
const SUPPLIES_TOLD = 100

type Item = { item_id: string }
type Sums = { on_hand: number; reserved: number; safety_stock: number; available: number }

const shelves = prepared(db, (open, p: Item & { location_id: string | null }) =>
  rawQuery(
    open,
    sql<Sums>`select coalesce(sum(on_hand), 0) as on_hand, coalesce(sum(reserved), 0) as reserved,
        coalesce(sum(safety_stock), 0) as safety_stock,
        coalesce(sum(${availableOfLevel('l')}), 0) as available
      from stock_levels as l
      where l.item_id = ${p.item_id} and l.location_id = coalesce(${p.location_id}, l.location_id)`,
  ),
)

export type Coming = {
  kind: 'supply' | 'transfer'
  id: string
  number: number | null
  reference: string | null
  location_id: Id<'location'>
  quantity: number
  expected_at: string | null
}
const coming = prepared(db, (open, p: Item & { location_id: string | null }) => {
  const there = (column: string) =>
    sql`${sql.ref(column)} = coalesce(${p.location_id}, ${sql.ref(column)})`
  return rawQuery(
    open,
    sql<Coming>`
      select 'supply' as kind, s.id, null as number, s.reference, s.location_id,
        s.quantity - s.received_quantity as quantity, s.expected_at
      from supplies as s
      where s.item_id = ${p.item_id} and s.status = 'expected' and ${there('s.location_id')}
      union all
      select 'transfer', t.id, t.number, t.reference, t.to_location_id,
        tl.shipped_quantity - tl.received_quantity - tl.lost_quantity - tl.returned_quantity,
        t.expected_at
      from transfer_lines as tl join transfers as t on t.id = tl.transfer_id
      where tl.item_id = ${p.item_id} and t.status = 'in_transit' and ${there('t.to_location_id')}
        and tl.shipped_quantity > tl.received_quantity + tl.lost_quantity + tl.returned_quantity
      order by expected_at, id`,
  )
})

type Due = { date: string | null; quantity: number }
const waiting = prepared(db, (open, p: Item, engine) => {
  const day = utcDay(engine, sql.ref('promised_at'))
  return rawQuery(
    open,
    sql<Due>`select ${day} as date, sum(quantity) as quantity from reservations
      where item_id = ${p.item_id} and location_id is null and status in ('pending', 'confirmed')
      group by ${day}`,
  )
})

/** What promises by date of one item are made of. */
type Facts = { now: Sums & { waiting: number }; changes: DayChange[]; coming: readonly Coming[] }

/**
 * What is there of an item, what comes and what is due, day by day. Three statements, however many
 * wait for it. What comes without a date, or whose date is over, does not count; what is due
 * without one, or whose date is over, is due now.
 */
export async function factsOf(
  ctx: Context,
  item_id: Id<'item'>,
  location_id: Id<'location'> | null = null,
): Promise<Facts> {
  const today = ctx.now.slice(0, 10)
  const [sums] = await shelves(ctx, { item_id, location_id })
  const supplies = await coming(ctx, { item_id, location_id })
  const due = await waiting(ctx, { item_id })
  const days = new Map<string, DayChange>()
  const on = (date: string): DayChange => {
    const day = days.get(date) ?? { date, supply: 0, demand: 0 }
    days.set(date, day)
    return day
  }
  for (const one of supplies) {
    if (isCounted(ctx, one)) on((one.expected_at as string).slice(0, 10)).supply += one.quantity
  }
  let overdue = 0
  for (const { date, quantity } of due) {
    if (date === null || date <= today) overdue += quantity
    else on(date).demand += quantity
  }
  return {
    now: { ...(sums as Sums), waiting: overdue },
    changes: [...days.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1)),
    coming: supplies,
  }
}

const isCounted = (ctx: Context, { expected_at }: Coming): boolean =>
  expected_at !== null && expected_at >= ctx.now

/** How many units of an item can be promised for which day, and what that is made of. */
export async function availableToPromise(
  ctx: Context,
  query: GetPromise,
): Promise<AvailableToPromise> {
  const item = await findItem(ctx, query.id)
  const location_id =
    query.location_id === undefined ? null : (await findLocation(ctx, query.location_id)).id
  const last = horizonOf(ctx, query.until)
  const facts = await factsOf(ctx, item.id, location_id)
  const { now, changes } = facts
  const promised = promises(now.available - now.waiting, changes)
  const { quantity = null } = query
  const from = ctx.now.slice(0, 10)
  return {
    item_id: item.id,
    item_number: item.sku,
    location_id,
    as_of: ctx.now,
    available_to_promise: promised.today,
    now,
    days: promised.days.filter(({ date }) => date <= last),
    supplies: facts.coming.slice(0, SUPPLIES_TOLD).map(({ number, reference, ...one }) => ({
      ...one,
      reference: number === null ? reference : (reference ?? transferNumber(number)),
      counts: isCounted(ctx, { ...one, number, reference }),
    })),
    quantity,
    promise_date: quantity === null ? null : (promiseDate(promised, { quantity, from }) ?? null),
  }
}

/** The last day that is told. Refuses one that is over, or more than a year ahead. */
function horizonOf(ctx: Context, until: string | undefined): string {
  const now = Date.parse(ctx.now)
  const end = until === undefined ? now + HORIZON_DAYS * DAY_MS : Date.parse(until)
  if (end < now || end > now + HORIZON_MAX_DAYS * DAY_MS) {
    throw invalidField('until', `must be within the next ${HORIZON_MAX_DAYS} days`)
  }
  return new Date(end).toISOString().slice(0, 10)
}
