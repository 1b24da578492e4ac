import type { Id } from '#kit/ids'
import { type GiftCardRecipient, recipientColumns, recipientsBy } from '#modules/credit'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import type { LineRow } from '../wire.ts'
import { db, type RecipientRow } from './tables.ts'

/** Who is mailed the codes of a line's cards, by line; lines without one are the buyer's own. */
export type Recipients = ReadonlyMap<Id<'order_line'>, GiftCardRecipient>
export const NO_RECIPIENTS: Recipients = new Map()

export const insertRecipients = insertRows(db, 'order_line_recipients')

const ofLines = prepared(db, (open, p: { lines: readonly string[] }, engine) =>
  open
    .selectFrom('order_line_recipients')
    .selectAll()
    .where('order_line_id', 'in', listOf(engine, p.lines, 'uuid')),
)

/** The recipients of these lines; one statement, and none for orders without gift cards. */
export async function giftCardRecipients(
  ctx: Context,
  orders: readonly { has_gift_cards: boolean }[],
  lines: readonly Pick<LineRow, 'id'>[],
): Promise<Recipients> {
  if (lines.length === 0 || !orders.some((order) => order.has_gift_cards)) return NO_RECIPIENTS
  const rows = await ofLines(ctx, { lines: lines.map(({ id }) => id) })
  return recipientsBy(rows, ({ order_line_id }) => order_line_id)
}

/** The row of a line whose codes go to somebody else than the buyer. */
export const recipientRow = (
  order_line_id: Id<'order_line'>,
  recipient: GiftCardRecipient,
): RecipientRow => ({
  order_line_id,
  ...recipientColumns(recipient),
  recipient_email: recipient.email,
})

type Moved = { from_order_line_id: Id<'order_line'>; order_line_id: Id<'order_line'> }

/** Lines that go on under other ids, in another order, keep their recipients. */
export async function keepRecipients(
  ctx: Context,
  order: { has_gift_cards: boolean },
  moved: readonly Moved[],
): Promise<void> {
  const former = moved.map(({ from_order_line_id: id }) => ({ id }))
  const known = await giftCardRecipients(ctx, [order], former)
  const rows = moved.flatMap(({ from_order_line_id, order_line_id }) => {
    const recipient = known.get(from_order_line_id)
    return recipient ? [recipientRow(order_line_id, recipient)] : []
  })
  if (rows.length > 0) await insertRecipients(ctx, { rows })
}
