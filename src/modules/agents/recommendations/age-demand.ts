import { type RawBuilder, sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import { db } from '../tables.ts'
import { demandOf, lessDemand } from './count-orders.ts'

/** How long an order counts for what is bought often. */
export const DEMAND_DAYS = 30

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Rows of one transaction, and transactions of one run. */
const BATCH = 200
const BATCHES_MAX = 100

type OldDay = { product_id: Id<'product'>; orders: number }

const dropDays = prepared(db, (open, p: { before: string }) => rawQuery<OldDay>(open, oldest(p)))

const oldest = ({ before }: { before: string }): RawBuilder<OldDay> =>
  sql`delete from product_demand_days where (day, product_id) in (
      select day, product_id from product_demand_days where day < ${before}
      order by day, product_id limit ${sql.lit(BATCH)})
    returning product_id, orders`

/** Lets the oldest days go; answers how many rows it took. */
export async function ageDemand(ctx: Context): Promise<number> {
  const before = new Date(Date.parse(ctx.now) - DEMAND_DAYS * DAY_MS).toISOString().slice(0, 10)
  const old = await dropDays(ctx, { before })
  const days = old.map(({ product_id, orders }) => ({ product_id, by: Number(orders) }))
  const rows = demandOf(days.filter(({ by }) => by > 0))
  if (rows.length > 0) await lessDemand.run(ctx, { rows })
  return old.length
}

/** Comes round every hour; once a day there is a day to let go. */
export const demandAges: Schedule = {
  name: 'agents.age_demand',
  every_ms: HOUR_MS,
  run: async (process) => {
    for (let nth = 0; nth < BATCHES_MAX; nth++) {
      if ((await process.transaction(ageDemand, 'read committed')) < BATCH) return
    }
  },
}
