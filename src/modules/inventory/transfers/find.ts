import type { Static } from 'typebox'
import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { inventoryErrors } from '../errors.ts'
import type { Transfer } from './schemas.ts'
import { db } from './tables.ts'

export type TransferRow = Static<(typeof db.tables)['transfers']>

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('transfers')
    .selectAll()
    .where('id', '=', p.id as Id<'transfer'>),
)
const byNumber = prepared(db, (open, p: { number: number }) =>
  open.selectFrom('transfers').selectAll().where('number', '=', p.number),
)

const NUMBER = /^(?:TR-)?(\d{1,15})$/i

/** How people name a transfer. */
export const transferNumber = (number: number): string => `TR-${number}`

/** The transfer that an id or a number names. Throws `transfer_not_found`. */
export async function findTransfer(ctx: Context, transfer: string): Promise<TransferRow> {
  const number = NUMBER.exec(transfer)?.[1]
  const found = isUuid(transfer)
    ? await byId.first(ctx, { id: transfer })
    : number && (await byNumber.first(ctx, { number: Number(number) }))
  if (!found) throw inventoryErrors.transfer_not_found({ transfer })
  return found
}

/** The same, while nobody else can change it until the commit. For READ COMMITTED. */
export async function lockTransfer(ctx: Context, transfer: string): Promise<TransferRow> {
  const { id } = await findTransfer(ctx, transfer)
  await lockEntity(ctx, 'transfer', id)
  return findTransfer(ctx, id)
}

const linesById = prepared(db, (open, p: { transfer_id: string }) =>
  open
    .selectFrom('transfer_lines')
    .selectAll()
    .where('transfer_id', '=', p.transfer_id as Id<'transfer'>)
    .orderBy('position'),
)
export type LineRow = Static<(typeof db.tables)['transfer_lines']>

/** All lines of a transfer in their order: 10,000 at most. */
export const linesOf = (ctx: Context, transfer_id: Id<'transfer'>): Promise<LineRow[]> =>
  linesById(ctx, { transfer_id })

type Fates = Pick<
  LineRow,
  'shipped_quantity' | 'received_quantity' | 'lost_quantity' | 'returned_quantity'
>

/** Units that left and have neither arrived nor been written off nor gone back. */
export const inTransit = (of: Fates): number =>
  of.shipped_quantity - of.received_quantity - of.lost_quantity - of.returned_quantity

/** A transfer as it is answered. */
export const transferOf = ({ number, ...row }: TransferRow): Transfer => ({
  ...row,
  transfer_number: transferNumber(number),
  in_transit_quantity: inTransit(row),
})
