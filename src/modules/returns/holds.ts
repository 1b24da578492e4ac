import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { OrderLine } from '#modules/orders'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { returnErrors } from './errors.ts'
import { db } from './tables.ts'

// A unit that has left can come back once: a return holds it from the day it is asked for, a claim
// from the day it is agreed that the customer keeps it. All together they never hold more than has
// left (I-40); the writes below look at that themselves.

type Hold = { id: string; order_line_id: string; held: number; fulfilled: number }
const KINDS = {
  id: 'uuid',
  order_line_id: 'uuid',
  held: 'bigint',
  fulfilled: 'bigint',
} as const

/** What returns and claims hold of an order line together, but for one line of them. */
const heldBut = (order_line_id: ReturnType<typeof sql>, id: ReturnType<typeof sql>) => sql`
  (select coalesce(sum(o.held_quantity), 0) from return_lines as o
    where o.order_line_id = ${order_line_id} and o.id <> ${id})
  + (select coalesce(sum(k.kept_quantity), 0) from claim_lines as k
    where k.order_line_id = ${order_line_id} and k.id <> ${id})`

const holding = (table: 'return_lines' | 'claim_lines', column: string) =>
  updateEach<Hold, unknown>(db as never, KINDS, {
    table,
    key: ['id'],
    set: ({ held }) => ({ [column]: held }),
    where: ({
      id,
      order_line_id,
      held,
      fulfilled,
    }) => sql`(${held} <= ${sql.ref(`${table}.${column}`)}
      or ${held} + ${heldBut(order_line_id as never, id as never)} <= ${fulfilled})`,
  })
const holdForReturns = holding('return_lines', 'held_quantity')
const holdForClaims = holding('claim_lines', 'kept_quantity')

/** A line of a return or a claim, and how many units it is to hold from now on. */
export type Holding<K extends 'return_line' | 'claim_line' = 'return_line'> = {
  id: Id<K>
  order_line_id: Id<'order_line'>
  sku: string
  held: number
}

/**
 * Sets how many units lines of returns hold. To hold fewer is always right; more, as far as they
 * have left and nobody else holds them. The order's lock is held. Throws `too_many_units`.
 */
export const holdUnits = (
  ctx: Context,
  lines: readonly OrderLine[],
  holdings: readonly Holding[],
): Promise<void> => hold(ctx, lines, { holdings, write: holdForReturns })

/** The same for what customers keep of claimed goods. */
export const keepUnits = (
  ctx: Context,
  lines: readonly OrderLine[],
  holdings: readonly Holding<'claim_line'>[],
): Promise<void> => hold(ctx, lines, { holdings, write: holdForClaims })

type Wanted = {
  holdings: readonly Holding<'return_line' | 'claim_line'>[]
  write: typeof holdForReturns
}

async function hold(
  ctx: Context,
  lines: readonly OrderLine[],
  { holdings, write }: Wanted,
): Promise<void> {
  if (holdings.length === 0) return
  const left = new Map(lines.map((line) => [line.id, line.fulfilled_quantity]))
  const rows = holdings.map(({ id, order_line_id, held }) => ({
    id,
    order_line_id,
    held,
    fulfilled: left.get(order_line_id) ?? 0,
  }))
  const { affected } = await write.run(ctx, { rows })
  if (affected !== rows.length) await refuse(ctx, lines, holdings)
}

/** Says of which line there are too few; the transaction is undone with all it wrote. */
async function refuse(
  ctx: Context,
  lines: readonly OrderLine[],
  holdings: Wanted['holdings'],
): Promise<never> {
  const ids = holdings.map(({ order_line_id }) => order_line_id)
  const free = await freeUnits(ctx, { lines, but: holdings.map(({ id }) => id) })
  const short = holdings.find(({ order_line_id, held }) => held > (free.get(order_line_id) ?? 0))
  const { sku, order_line_id } = short ?? (holdings[0] as Holding)
  const found = Math.max(0, free.get(order_line_id) ?? 0)
  throw returnErrors.too_many_units({ sku, left: found, order_line_id, of: ids.length })
}

const heldOf = prepared(
  db,
  (open, p: { lines: readonly string[]; but: readonly string[] }, engine) => {
    const asked = listOf(engine, p.lines, 'uuid')
    const others = listOf(engine, p.but, 'uuid')
    return rawQuery(
      open,
      sql<{ order_line_id: Id<'order_line'>; held: number }>`
        select order_line_id, sum(held) as held from (
          select order_line_id, held_quantity as held from return_lines
            where order_line_id in ${asked} and id not in ${others}
          union all select order_line_id, kept_quantity from claim_lines
            where order_line_id in ${asked} and id not in ${others}) as h
        group by order_line_id`,
    )
  },
)

/** How many units of each of these lines have left and are held by nobody. One statement. */
export async function freeUnits(
  ctx: Context,
  { lines, but = [] }: { lines: readonly OrderLine[]; but?: readonly string[] },
): Promise<Map<Id<'order_line'>, number>> {
  const held = await heldOf(ctx, { lines: lines.map(({ id }) => id), but })
  const taken = new Map(held.map((row) => [row.order_line_id, Number(row.held)]))
  return new Map(
    lines.map(({ id, fulfilled_quantity }) => [id, fulfilled_quantity - (taken.get(id) ?? 0)]),
  )
}
