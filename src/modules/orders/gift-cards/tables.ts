import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { RecipientColumns } from '#modules/credit'
import { defineTables } from '#platform/tables'

export const db = defineTables({
  /** The gift cards that units of orders became, each unit one for ever. */
  order_gift_cards: Type.Object({
    order_line_id: IdSchema('order_line'),
    /** Counts the units of the line from 1. */
    unit: Type.Integer(),
    order_id: IdSchema('order'),
    account_id: IdSchema('credit_account'),
    /** What it was sold for. */
    amount: Amount,
    /** Since when that is off it, because the unit was refunded or cancelled. */
    voided_at: Nullable(Instant),
    created_at: Instant,
  }),
  /** Who is mailed the codes of a line's cards; of a line that is not here, its buyer. */
  order_line_recipients: Type.Object({
    order_line_id: IdSchema('order_line'),
    ...RecipientColumns,
    recipient_email: Type.String(),
  }),
})

export type RecipientRow = Static<typeof db.tables.order_line_recipients>
export type SoldCardRow = Static<typeof db.tables.order_gift_cards>
