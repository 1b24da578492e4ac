import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'
import type { OrderRow } from '../find.ts'
import { db as orders } from '../tables.ts'
import type { Effect, OrderState } from './effects.ts'
import { statesOf } from './order-state.ts'
import { untrueMembers } from './replay.ts'
import { db } from './tables.ts'

/** Orders that are replayed at once. */
const BATCH = 200

export const changeInvariants = defineInvariants('orders', {
  'I-05 replaying the changes of an order from how it was placed gives what is stored': async (
    ctx,
  ) => {
    const untrue: object[] = []
    for (let after: Id<'order'> | undefined, more = true; more; ) {
      let origins = db(ctx).selectFrom('order_origins').selectAll().orderBy('order_id').limit(BATCH)
      if (after) origins = origins.where('order_id', '>', after)
      const found = await origins.execute()
      untrue.push(...(await untrueOf(ctx, found)))
      after = found.at(-1)?.order_id
      more = found.length === BATCH
    }
    return untrue
  },

  'I-05 applied changes are numbered without a gap, and each has its steps': async (ctx) => {
    const { rows } = await sql<object>`
      select order_id, max(number) as last, count(*) as changes from order_change_sets
      where number is not null group by order_id having max(number) <> count(*)
      union all
      select c.order_id, c.number, 0 from order_change_sets as c where c.status = 'applied'
        and not exists (select 1 from order_change_actions as a where a.order_change_id = c.id)`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'I-08 whatever was changed of an order has its origin': async (ctx) => {
    const { rows } = await sql<object>`
      select c.order_id, c.id from order_change_sets as c
      where c.status = 'applied'
        and not exists (select 1 from order_origins as o where o.order_id = c.order_id)
      union all
      select l.order_id, l.id from order_lines as l join orders as o on o.id = l.order_id
      where l.cancelled_quantity > 0 and o.cancelled_at is null
        and not exists (select 1 from order_origins as g where g.order_id = l.order_id)`.execute(
      ctx.session.kysely,
    )
    return rows
  },
})

type Origin = { order_id: Id<'order'>; state: object }

async function untrueOf(ctx: Context, origins: readonly Origin[]): Promise<object[]> {
  if (origins.length === 0) return []
  const ids = origins.map(({ order_id }) => order_id)
  const [rows, steps] = await Promise.all([
    orders(ctx).selectFrom('orders').selectAll().where('id', 'in', ids).execute(),
    db(ctx)
      .selectFrom('order_change_sets as c')
      .innerJoin('order_change_actions as a', 'a.order_change_id', 'c.id')
      .select(['c.order_id', 'a.effect'])
      .where('c.order_id', 'in', ids)
      .where('c.status', '=', 'applied')
      .orderBy('c.order_id')
      .orderBy('c.number')
      .orderBy('a.position')
      .execute(),
  ])
  const states = await statesOf(ctx, rows as OrderRow[])
  const stepsOf = Map.groupBy(steps, ({ order_id }) => order_id)
  return rows.flatMap(({ id, cancelled_at }) => {
    const history = {
      origin: origins.find(({ order_id }) => order_id === id)?.state as OrderState,
      effects: (stepsOf.get(id) ?? []).map(({ effect }) => effect as unknown as Effect),
      is_cancelled: cancelled_at !== null,
    }
    const { before, after } = untrueMembers(history, states.get(id) as OrderState)
    const isTrue = Object.keys({ ...before, ...after }).length === 0
    return isTrue ? [] : [{ order_id: id, replayed: before, stored: after }]
  })
}
