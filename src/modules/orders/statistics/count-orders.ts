import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import type { Schedule } from '#platform/jobs'
import { insertRows } from '#platform/tables'
import { type Changes, changesOf } from './changes.ts'
import { db } from './tables.ts'

const insertRecounts = insertRows(db, 'order_recounts')

/**
 * Notes in the transaction of a change that the order's figures changed. It only adds a row of its
 * own: the sums of a day are one row for all buyers of that day, so they are written by the
 * schedule below, and until then whoever asks for statistics adds what waits.
 */
export function noteChange(ctx: Context, order_id: Id<'order'>): void {
  const rows = [{ id: ctx.newId('order_recount'), order_id }]
  ctx.session.send(insertRecounts.bind(ctx, { rows }))
}

const BATCH = 500
const EVERY_MS = 5_000

/** Takes what changed into the sums, batch by batch. */
export const countOrders: Schedule = {
  name: 'orders.count',
  every_ms: EVERY_MS,
  async run(ctx) {
    let counted: number
    do counted = await ctx.transaction((tx) => countBatch(tx), 'read committed')
    while (counted === BATCH)
  },
}

const takeRecounts = prepared(db, (open, p: { most: number }) =>
  open
    .deleteFrom('order_recounts')
    .where('id', 'in', (eb) =>
      eb.selectFrom('order_recounts').select('id').orderBy('id').limit(p.most),
    )
    .returning('order_id'),
)

/**
 * Counts the orders of one batch anew. Its lock makes sure that no two do so at once; each
 * statement after it sees at least the changes whose notes were taken, and what it sees beyond them
 * is found to be counted already when its own note is taken. Returns how many notes were taken.
 */
export async function countBatch(ctx: Context): Promise<number> {
  await lockEntity(ctx, 'statistics', 'orders')
  const taken = await takeRecounts(ctx, { most: BATCH })
  if (taken.length === 0) return 0
  const ids = [...new Set(taken.map(({ order_id }) => order_id))]
  await store(ctx, await changesOf(ctx, ids))
  return taken.length
}

const dropCounted = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open.deleteFrom('counted_orders').where('order_id', 'in', listOf(engine, p.ids, 'uuid')),
)

async function store(ctx: Context, changes: Changes): Promise<void> {
  const { counted, gone, days, customer_days, customer_sales } = changes
  if (counted.length > 0) await keepCounted(ctx, { rows: counted })
  if (gone.length > 0) await dropCounted.run(ctx, { ids: gone })
  if (days.length > 0) await addDays(ctx, { rows: days })
  if (customer_days.length > 0) await addCustomerDays(ctx, { rows: customer_days })
  if (customer_sales.length > 0) await addCustomerSales(ctx, { rows: customer_sales })
}

type Table = keyof typeof db.tables

/** An insert that meets rows of its key with `set`, where `added` says what a column gains. */
function upsert(table: Table, key: readonly string[], add: boolean) {
  const kinds = db.kinds(table)
  const others = Object.keys(kinds).filter((name) => !key.includes(name))
  const set = others.map((name) => {
    const given = sql.ref(`excluded.${name}`)
    return add
      ? sql`${sql.id(name)} = ${sql.ref(`${table}.${name}`)} + ${given}`
      : sql`${sql.id(name)} = ${given}`
  })
  const conflict = sql.join(key.map((name) => sql.id(name)))
  return insertEach<object, unknown>(db as never, kinds as never, {
    table,
    values: (row) => row as never,
    onConflict: sql`on conflict (${conflict}) do update set ${sql.join(set)}`,
  })
}

const keepCounted = upsert('counted_orders', ['order_id'], false)
const addDays = upsert('order_days', ['currency', 'day', 'status'], true)
const addCustomerDays = upsert('customer_days', ['customer_id', 'currency', 'day', 'status'], true)
const addCustomerSales = upsert('customer_sales', ['currency', 'customer_id'], true)
