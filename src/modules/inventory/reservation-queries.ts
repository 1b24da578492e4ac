import type { Static } from 'typebox'
import { type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { inventoryErrors } from './errors.ts'
import { findItem } from './find.ts'
import type { OpenRow } from './held.ts'
import type { GetReservation, ListReservations, Reservation, ReservationStats } from './schemas.ts'
import { db } from './tables.ts'
import type { Why } from './why.ts'

const DAY_MS = 86_400_000

/** One reservation by its id. */
export async function getReservation(
  ctx: Context,
  { id }: Static<typeof GetReservation>,
): Promise<Static<typeof Reservation>> {
  const row = await db(ctx)
    .selectFrom('reservations')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw inventoryErrors.reservation_not_found({ reservation_id: id })
  return reservationOf(ctx, row)
}

/** Reservations, newest first. Without `include_expired`, those whose time is over are left out. */
export async function listReservations(
  ctx: Context,
  query: ListReservations,
): Promise<Page<Static<typeof Reservation>>> {
  let rows = db(ctx).selectFrom('reservations')
  if (query.status) rows = rows.where('status', '=', query.status)
  if (query.reference_id) rows = rows.where('reference_id', '=', query.reference_id)
  if (query.product_id)
    rows = rows.where('item_id', '=', (await findItem(ctx, query.product_id)).id)
  if (!query.include_expired && query.status !== 'expired') {
    rows = rows.where('status', '!=', 'expired')
    rows = rows.where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', ctx.now)]))
  }
  const start = pageStart(query, '-id')
  let page = rows
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
  if (start.after) page = page.where('id', '<', String(start.after[0]) as never)
  else page = page.offset(start.offset)
  return pageOf({
    start,
    sort: '-id',
    rows: await page.execute(),
    key: ({ id }) => [id],
    item: (row) => reservationOf(ctx, row),
    total: await countUpTo(ctx, rows),
  })
}

/** How many promises are open, overdue, or end within a day. */
export async function reservationStats(ctx: Context): Promise<Static<typeof ReservationStats>> {
  const tomorrow = new Date(Date.parse(ctx.now) + DAY_MS).toISOString()
  const open = db(ctx).selectFrom('reservations').where('status', 'in', ['pending', 'confirmed'])
  const pending = db(ctx).selectFrom('reservations').where('status', '=', 'pending')
  const overdue = pending.where('expires_at', '<=', ctx.now)
  const ending = pending.where('expires_at', '>', ctx.now).where('expires_at', '<=', tomorrow)
  const [all, active, late, soon] = [
    await countUpTo(ctx, db(ctx).selectFrom('reservations')),
    await countUpTo(ctx, open),
    await countUpTo(ctx, overdue),
    await countUpTo(ctx, ending),
  ]
  return {
    total_reservations: all.total,
    active_reservations: active.total,
    expired_not_cleaned: late.total,
    expiring_within_24h: soon.total,
    stats_at: ctx.now,
  }
}

/** A promise as it is answered. */
export function reservationOf(
  ctx: Context,
  { item_id, ...row }: OpenRow,
): Static<typeof Reservation> {
  const over = row.status === 'pending' && row.expires_at !== null && row.expires_at <= ctx.now
  const is_expired = row.status === 'expired' || over
  return { ...row, why: row.why as Why | null, product_id: item_id, is_expired }
}
