import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { eachRow, insertEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { QUANTITY_MAX } from './limits.ts'
import { db, type LineRow } from './tables.ts'

// The writes of lines. Each carries its own condition, and its row count is the answer.

const kinds = db.kinds('cart_lines')

/**
 * Puts units in: a variant that is there already for the same recipient gets more on that line.
 * `quantity` is what is added; the row count falls short where a line would exceed what it may
 * hold.
 */
export const addUnits = insertEach<LineRow, never>(db as never, kinds as never, {
  table: 'cart_lines',
  values: (row) => row,
  onConflict: sql`on conflict (cart_id, variant_id, (coalesce(recipient_email, ''))) do update set
    quantity = cart_lines.quantity + excluded.quantity,
    unit_amount_seen = excluded.unit_amount_seen,
    lowered_from = excluded.lowered_from,
    metadata = coalesce(excluded.metadata, cart_lines.metadata),
    recipient_name = excluded.recipient_name,
    recipient_message = excluded.recipient_message,
    updated_at = excluded.updated_at
    where cart_lines.quantity + excluded.quantity <= ${sql.lit(QUANTITY_MAX)}`,
})

type Set = Pick<
  LineRow,
  | 'id'
  | 'cart_id'
  | 'quantity'
  | 'unit_amount_seen'
  | 'recipient_email'
  | 'recipient_name'
  | 'recipient_message'
  | 'updated_at'
>

/** Sets the quantity of a line, and whom it is for. */
export const setLine = prepared(db, (open, p: Set) =>
  open
    .updateTable('cart_lines')
    .set({
      quantity: p.quantity,
      unit_amount_seen: p.unit_amount_seen,
      lowered_from: null,
      recipient_email: p.recipient_email,
      recipient_name: p.recipient_name,
      recipient_message: p.recipient_message,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id)
    .where('cart_id', '=', p.cart_id),
)

type One = { id: Id<'cart_line'>; cart_id: Id<'cart'> }

/** Takes a line out. */
export const dropLine = prepared(db, (open, p: One) =>
  open.deleteFrom('cart_lines').where('id', '=', p.id).where('cart_id', '=', p.cart_id),
)

/** Takes all lines out. */
export const dropLines = prepared(db, (open, p: { cart_id: Id<'cart'> }) =>
  open.deleteFrom('cart_lines').where('cart_id', '=', p.cart_id),
)

type Seen = Pick<LineRow, 'id' | 'unit_amount_seen'>

/** Notes the prices that the buyer is told now: in another currency, all of them are new. */
export const seePrices = eachRow<Seen, never, never>(
  db as never,
  { id: 'uuid', unit_amount_seen: 'bigint' },
  (row, from) => sql<never>`update cart_lines set unit_amount_seen = ${row.unit_amount_seen}
    ${from ? sql`from ${from} as r` : sql``} where cart_lines.id = ${row.id}`,
)
