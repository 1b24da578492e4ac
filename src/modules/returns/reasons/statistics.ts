import { type RawBuilder, sql } from 'kysely'
import { fulfilledUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import type { ReturnFigures, ReturnStatistics } from './schemas.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** A year is what one asks for; more would read every return that there ever was. */
const DAYS_MAX = 366

/**
 * How much comes back, and why: by reason, product or period. Counted from the rows of returns that
 * were asked for in a time of at most a year. The rate is their share of the units that have left,
 * of orders placed in the same time.
 */
export async function returnStatistics(
  ctx: Context,
  input: ReturnStatistics,
): Promise<ReturnFigures> {
  const period = periodOf(ctx, input)
  const { by, interval = 'month', limit = 20 } = input
  const asked = { ...period, key: keyOf(by, interval), limit }
  const ways = { reason: 'all', product: 'sku', period: interval } as const
  const [rows, totals, sold] = await Promise.all([
    countedBy(ctx, asked),
    totalsOf(ctx, asked),
    fulfilledUnits(ctx, { ...period, by: ways[by] }),
  ])
  const returned_units = Number(totals?.returned_units ?? 0)
  const all = [...sold.values()].reduce((sum, units) => sum + units, 0)
  return {
    ...period,
    returns: Number(totals?.returns ?? 0),
    returned_units,
    fulfilled_units: all,
    rate: rateOf(returned_units, all),
    rows: rows.map((row) => {
      const returned = Number(row.returned_units)
      // Of a reason the rate says how many of all units that left come back for it.
      const fulfilled_units = by === 'reason' ? all : (sold.get(row.key) ?? 0)
      return {
        key: row.key,
        label: row.label,
        returns: Number(row.returns),
        units: Number(row.units),
        returned_units: returned,
        fulfilled_units,
        rate: rateOf(returned, fulfilled_units),
      }
    }),
  }
}

function periodOf(ctx: Context, { from, to }: ReturnStatistics) {
  const end = to === undefined ? Date.parse(ctx.now) : Date.parse(to)
  const start = from === undefined ? end - 30 * DAY_MS : Date.parse(from)
  if (Number.isNaN(start)) throw invalidField('from', 'must be an instant')
  if (Number.isNaN(end)) throw invalidField('to', 'must be an instant')
  if (start > end) throw invalidField('from', 'must not be after `to`')
  if (end - start > DAYS_MAX * DAY_MS) throw invalidField('from', 'reaches more than a year back')
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() }
}

type Key = { key: RawBuilder<string>; label: RawBuilder<string> }

/** What rows are of, in the returns `r` with lines `l` and reasons `s`. */
function keyOf(by: ReturnStatistics['by'], interval: 'day' | 'month'): Key {
  if (by === 'product') return { key: sql`l.sku`, label: sql`max(l.name)` }
  if (by === 'reason') {
    return { key: sql`coalesce(s.code, 'other')`, label: sql`coalesce(max(s.label), 'Other')` }
  }
  const letters = sql.lit(interval === 'day' ? 10 : 7)
  return { key: sql`substr(cast(r.created_at as text), 1, ${letters})`, label: sql`''` }
}

type Asked = { from: string; to: string; key: Key; limit: number }
type Counted = {
  key: string
  label: string
  returns: number
  units: number
  returned_units: number
}

const inTime = ({ from, to }: Asked) =>
  sql`r.created_at >= ${from} and r.created_at <= ${to} and r.deleted_at is null
    and r.status not in ('Rejected', 'Cancelled')`

async function countedBy(ctx: Context, asked: Asked): Promise<Counted[]> {
  const { key, label } = asked.key
  const { rows } = await sql<Counted>`
    select ${key} as "key", ${label} as label, count(distinct r.id) as returns,
      sum(l.quantity) as units, sum(l.received_quantity - l.sent_back_quantity) as returned_units
    from returns as r join return_lines as l on l.return_id = r.id
    left join return_reasons as s on s.id = coalesce(l.reason_id, r.reason_id)
    where ${inTime(asked)}
    group by 1 order by units desc, 1 limit ${sql.lit(asked.limit)}`.execute(ctx.session.kysely)
  return rows.map((row) => ({ ...row, label: row.label === '' ? row.key : row.label }))
}

type Totals = { returns: number; returned_units: number }

async function totalsOf(ctx: Context, asked: Asked): Promise<Totals | undefined> {
  const { rows } = await sql<Totals>`
    select count(distinct r.id) as returns,
      coalesce(sum(l.received_quantity - l.sent_back_quantity), 0) as returned_units
    from returns as r join return_lines as l on l.return_id = r.id
    where ${inTime(asked)}`.execute(ctx.session.kysely)
  return rows[0]
}

/** A share with four digits; null where nothing has left. */
const rateOf = (part: number, whole: number): string | null =>
  whole === 0 ? null : (part / whole).toFixed(4)
