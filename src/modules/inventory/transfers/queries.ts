import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { pageById } from '#platform/database/list-pages'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { findLocation } from '../find.ts'
import { skusOf } from '../shelf-units.ts'
import { findTransfer, inTransit, transferOf } from './find.ts'
import type {
  GetTransfer,
  ListOfTransfer,
  ListTransfers,
  Transfer,
  TransferLine,
  TransferReceipt,
} from './schemas.ts'
import { db } from './tables.ts'

/** One transfer with the sums of its lines. */
export const getTransfer = async (ctx: Context, { id }: GetTransfer): Promise<Transfer> =>
  transferOf(await findTransfer(ctx, id))

/** Transfers, newest first. */
export async function listTransfers(ctx: Context, query: ListTransfers): Promise<Page<Transfer>> {
  let found = db(ctx).selectFrom('transfers')
  if (query.status) found = found.where('status', '=', query.status)
  if (query.from_location_id !== undefined) {
    const { id } = await findLocation(ctx, query.from_location_id)
    found = found.where('from_location_id', '=', id)
  }
  if (query.to_location_id !== undefined) {
    const { id } = await findLocation(ctx, query.to_location_id)
    found = found.where('to_location_id', '=', id)
  }
  return pageById(ctx, query, {
    name: '-id',
    rows: found.selectAll(),
    tell: (rows) => rows.map(transferOf),
  })
}

/** The lines of a transfer, in the order in which they were planned. */
export async function listTransferLines(
  ctx: Context,
  query: ListOfTransfer,
): Promise<Page<TransferLine>> {
  const { id } = await findTransfer(ctx, query.id)
  const start = pageStart(query, 'position')
  const found = db(ctx).selectFrom('transfer_lines').where('transfer_id', '=', id)
  const after = start.after?.[0]
  const from =
    after === undefined ? found.offset(start.offset) : found.where('position', '>', Number(after))
  const rows = await from
    .selectAll()
    .orderBy('position')
    .limit(start.limit + 1)
    .execute()
  const skus = await skusOf(
    ctx,
    rows.map(({ item_id }) => item_id),
  )
  return pageOf({
    start,
    sort: 'position',
    rows,
    key: ({ position }) => [position],
    item: ({ transfer_id: _, ...line }) => ({
      ...line,
      item_number: skus.get(line.item_id) ?? '',
      in_transit_quantity: inTransit(line),
    }),
    total: await countUpTo(ctx, found),
  })
}

type Sums = Pick<TransferReceipt, 'received_quantity' | 'lost_quantity' | 'returned_quantity'>

const sumsOf = prepared(db, (open, p: { receipts: readonly string[] }, engine) => {
  const sum = (fate: string) => sql`sum(case when fate = ${sql.lit(fate)} then quantity else 0 end)`
  return rawQuery(
    open,
    sql<Sums & { receipt_id: Id<'transfer_receipt'> }>`
      select receipt_id, ${sum('received')} as received_quantity, ${sum('lost')} as lost_quantity,
        ${sum('returned')} as returned_quantity
      from transfer_receipt_lines
      where ${isOneOf(engine, 'receipt_id', { values: p.receipts, kind: 'uuid' })}
      group by receipt_id`,
  )
})

/** What became of a transfer's units, arrival by arrival, oldest first. */
export async function listTransferReceipts(
  ctx: Context,
  query: ListOfTransfer,
): Promise<Page<TransferReceipt>> {
  const { id: transfer_id } = await findTransfer(ctx, query.id)
  const start = pageStart(query, 'id')
  const found = db(ctx).selectFrom('transfer_receipts').where('transfer_id', '=', transfer_id)
  const after = afterId<'transfer_receipt'>(start)
  const from = after ? found.where('id', '>', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id')
    .limit(start.limit + 1)
    .execute()
  const sums = await sumsOf(ctx, { receipts: rows.map(({ id }) => id) })
  const byReceipt = new Map(sums.map(({ receipt_id, ...of }) => [receipt_id, of]))
  return pageOf({
    start,
    sort: 'id',
    rows,
    key: ({ id }) => [id],
    item: ({ transfer_id: _, ...receipt }) => ({
      ...receipt,
      ...numbersOf(byReceipt.get(receipt.id)),
    }),
    total: await countUpTo(ctx, found),
  })
}

const numbersOf = (sums: Sums | undefined): Sums => ({
  received_quantity: Number(sums?.received_quantity ?? 0),
  lost_quantity: Number(sums?.lost_quantity ?? 0),
  returned_quantity: Number(sums?.returned_quantity ?? 0),
})
