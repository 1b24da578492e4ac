import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow, updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import type { Sale } from './offers.ts'
import { db } from './tables.ts'

/** A sale as it is asked for; without a beginning it begins now. */
export type NewSale = Omit<Sale, 'starts_at'> & { starts_at?: string | undefined }
type OfPrice = { variant_id: Id<'variant'>; currency: string }
type SaleRow = Awaited<ReturnType<typeof salesAhead>>[number]

/** Sales of these variants that are not over, the first to begin first. */
export const salesAhead = prepared(db, (open, p: { ids: readonly string[]; now: string }, engine) =>
  open
    .selectFrom('variant_sales')
    .selectAll()
    .where(isOneOf(engine, 'variant_id', { values: p.ids, kind: 'uuid' }))
    .where('ends_at', '>', p.now)
    .orderBy('variant_id')
    .orderBy('currency')
    .orderBy('starts_at')
    .orderBy('created_at')
    .orderBy('min_quantity')
    .orderBy('amount'),
)

const insertSales = insertRows(db, 'variant_sales')

const KEY = {
  variant_id: 'uuid',
  currency: 'text',
  starts_at: 'timestamptz',
  created_at: 'timestamptz',
  min_quantity: 'bigint',
  amount: 'bigint',
} as const

const endSales = updateEach<SaleRow, unknown>(
  db as never,
  { ...KEY, ends_at: 'timestamptz' },
  {
    table: 'variant_sales',
    key: ['variant_id', 'currency', 'starts_at', 'created_at', 'min_quantity', 'amount'],
    set: (row) => ({ ends_at: row.ends_at }),
    where: () => sql`true`,
  },
)

const deleteSales = eachRow<Omit<SaleRow, 'ends_at'>, unknown, never>(
  db as never,
  KEY,
  (row, from) => {
    const matches = Object.keys(KEY).map(
      (name) => sql`${sql.ref(`s.${name}`)} = ${row[name as keyof typeof KEY]}`,
    )
    return sql`delete from variant_sales as s ${from ? sql`using ${from} as r` : sql``}
      where ${sql.join(matches, sql` and `)}`
  },
)

/**
 * Makes these the only sales ahead, price by price. What has been sold stays known: a sale that is
 * taken back while it runs ends now, and is forgotten only if it never began. One that is told
 * again stays the same sale, also with another end. Answers the prices whose sales changed.
 */
export async function replaceSales(
  ctx: Context,
  wanted: readonly (OfPrice & { sales: readonly NewSale[] })[],
): Promise<OfPrice[]> {
  if (wanted.length === 0) return []
  const { now } = ctx
  const ids = [...new Set(wanted.map(({ variant_id }) => variant_id))]
  const ahead = Map.groupBy(await salesAhead(ctx, { ids, now }), keyOf)
  const changes = wanted.map(({ variant_id, currency, sales }) => {
    const price = { variant_id, currency }
    return { price, ...differences(now, price, { sales, known: ahead.get(keyOf(price)) ?? [] }) }
  })
  const rowsOf = (kind: 'fresh' | 'ended' | 'gone') => changes.flatMap((change) => change[kind])
  const [fresh, ended, gone] = [rowsOf('fresh'), rowsOf('ended'), rowsOf('gone')]
  if (gone.length > 0) await deleteSales.run(ctx, { rows: gone })
  if (ended.length > 0) await endSales.run(ctx, { rows: ended })
  if (fresh.length > 0) await insertSales.run(ctx, { rows: fresh })
  return changes
    .filter(({ fresh, ended, gone }) => fresh.length + ended.length + gone.length > 0)
    .map(({ price }) => price)
}

const keyOf = ({ variant_id, currency }: OfPrice): string => `${variant_id} ${currency}`

type Told = { sales: readonly NewSale[]; known: readonly SaleRow[] }

function differences(now: string, price: OfPrice, { sales, known }: Told) {
  const left = new Set(known)
  const fresh: SaleRow[] = []
  const ended: SaleRow[] = []
  for (const sale of sales) {
    const same = [...left].find((row) => isSame(row, sale))
    if (same) {
      left.delete(same)
      if (same.ends_at !== sale.ends_at) ended.push({ ...same, ends_at: sale.ends_at })
    } else {
      const starts_at = sale.starts_at ?? now
      fresh.push({ ...price, ...sale, starts_at, created_at: now })
    }
  }
  const hasBegun = ({ starts_at, created_at }: SaleRow) => starts_at < now && created_at < now
  return {
    fresh,
    ended: [...ended, ...[...left].filter(hasBegun).map((row) => ({ ...row, ends_at: now }))],
    gone: [...left].filter((row) => !hasBegun(row)),
  }
}

/** The same sale told again. Without a beginning, it is the one that has begun. */
function isSame(row: SaleRow, { starts_at, min_quantity, amount, ends_at }: NewSale): boolean {
  if (row.min_quantity !== min_quantity || row.amount !== amount) return false
  return starts_at === undefined ? row.ends_at === ends_at : row.starts_at === starts_at
}
