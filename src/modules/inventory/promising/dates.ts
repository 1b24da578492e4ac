import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockingRows } from '#platform/database/locks'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import type { WaitingPart } from '../backorders/plan.ts'
import { WHY } from '../why.ts'
import { factsOf } from './available-to-promise.ts'
import { promiseDate, promises } from './promise.ts'
import { db } from './tables.ts'

// Whoever promises a supply ahead holds its item until the commit: two buyers are not promised the
// same units of it.
const suppliedItems = prepared(db, (open, p: { items: readonly string[]; now: string }, engine) =>
  rawQuery(
    open,
    sql<{ id: Id<'item'> }>`select i.id from inventory_items as i
      where ${isOneOf(engine, 'i.id', { values: p.items, kind: 'uuid' })} and (
        exists (select 1 from supplies as s where s.item_id = i.id and s.status = 'expected'
          and s.expected_at >= ${p.now})
        or exists (select 1 from transfer_lines as tl join transfers as t on t.id = tl.transfer_id
          where tl.item_id = i.id and t.status = 'in_transit' and t.expected_at >= ${p.now}))
      order by i.id ${lockingRows(engine, 'i')}`,
  ),
)

type Units = { item_id: Id<'item'>; quantity: number }

/**
 * Promises units that wait for the day on which what is expected covers them, beside all that was
 * promised before; where nothing does, the item's own lead time stays. `taken` is what the same
 * holder gets at once.
 */
export async function datedBySupplies(
  ctx: Context,
  waiting: readonly WaitingPart[],
  taken: readonly Units[],
): Promise<WaitingPart[]> {
  const items = waiting.filter(({ why }) => why === WHY.backorder).map(({ item_id }) => item_id)
  if (items.length === 0) return [...waiting]
  const supplied = new Set((await suppliedItems(ctx, { items, now: ctx.now })).map(({ id }) => id))
  const dated: WaitingPart[] = []
  for (const part of waiting) {
    const { item_id } = part
    const date = supplied.has(item_id) ? await dateFor(ctx, part, taken) : undefined
    dated.push(date === undefined ? part : { ...part, promised_at: `${date}T23:59:59.999Z` })
  }
  return dated
}

async function dateFor(
  ctx: Context,
  { item_id, quantity }: WaitingPart,
  taken: readonly Units[],
): Promise<string | undefined> {
  const { now, changes } = await factsOf(ctx, item_id)
  const own = taken.filter((part) => part.item_id === item_id)
  const wanted = own.reduce((sum, part) => sum + part.quantity, quantity)
  const from = ctx.now.slice(0, 10)
  const promised = promises(now.available - now.waiting, changes)
  return promiseDate(promised, { quantity: wanted, from })
}
