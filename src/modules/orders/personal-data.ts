import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { forgetRecipients } from '#modules/credit'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { eraseFromEvents } from '#platform/erasure'
import { eraseFromChanges } from './changes/erase.ts'
import { printOrderNumber } from './find.ts'
import { giftCardRecipients } from './gift-cards/recipients.ts'
import { soldCardsOf } from './gift-cards/rows.ts'
import { db as giftCards } from './gift-cards/tables.ts'
import { db as refunds } from './refunds/tables.ts'
import { type Address, db } from './tables.ts'

/** Orders of one step: small, because commands wait for it on SQLite. */
const BATCH = 200
/** Enough to say why not; the rest is told when these are done. */
const OBSTACLES_MAX = 20
/** The shop still owes something: the goods, or the last word about them. */
const OPEN = ['confirmed', 'processing', 'on_hold', 'shipped'] as const

/** What orders keep about customers. Amounts, goods and the country remain in the books. */
export const orderPersonalData: PersonalData = {
  name: 'orders',

  async exportOf(ctx, customer_id) {
    const told: object[] = []
    for await (const orders of batches(ctx, customer_id)) {
      const lines = await linesOf(
        ctx,
        orders.map(({ id }) => id),
      )
      for (const { id, number, currency, total_amount, ...order } of orders) {
        told.push({
          order_number: printOrderNumber(number),
          ...order,
          currency,
          total_amount: formatMoney(total_amount, currency),
          items: (lines.get(id) ?? []).map(({ id: _, order_id: __, ...line }) => line),
        })
      }
    }
    return told
  },

  async obstacles(ctx, customer_id) {
    const open = await db(ctx)
      .selectFrom('orders')
      .select(['number', 'status'])
      .where('customer_id', '=', customer_id)
      .where('deleted_at', 'is', null)
      .where('status', 'in', OPEN)
      .orderBy('id')
      .limit(OBSTACLES_MAX)
      .execute()
    return open.map(({ number, status }) => `order ${printOrderNumber(number)} is ${status}`)
  },

  async erase(ctx, customer_id, email) {
    if (email !== undefined) await nameNobody(ctx).where('recipient_email', '=', email).execute()
    for await (const orders of batches(ctx, customer_id)) {
      for (const order of orders) {
        if (isErased(order)) continue
        const { id, shipping_address, billing_address } = order
        await db(ctx)
          .updateTable('orders')
          .set({ shipping_address: erased(shipping_address) as never })
          .set({ billing_address: erased(billing_address) as never })
          .set({ email: null, notes: null, status_reason: null, updated_at: ctx.now })
          .set((eb) => ({ version: eb('version', '+', 1) }))
          .where('id', '=', id)
          .execute()
      }
      const entity_ids = orders.map(({ id }) => id)
      await refunds(ctx)
        .updateTable('order_refunds')
        .set({ reason: null })
        .where('order_id', 'in', entity_ids)
        .execute()
      await forgetGiftCards(ctx, entity_ids)
      await eraseFromChanges(ctx, entity_ids, erased)
      await eraseFromEvents(ctx, { entity_ids, members: ['reason'] })
    }
  },
}

type Stored = { name?: string; country: string } | null
type Texts = { email: string | null; notes: string | null; status_reason: string | null }
type Addressed = Texts & { shipping_address: Stored; billing_address: Stored }

const nameNobody = (ctx: Context) => giftCards(ctx).deleteFrom('order_line_recipients')

/** Whom the buyer has named as the recipients of gift cards. */
async function forgetGiftCards(ctx: Context, orders: readonly Id<'order'>[]): Promise<void> {
  const lines = db(ctx).selectFrom('order_lines').select('id').where('order_id', 'in', orders)
  await nameNobody(ctx)
    .where('order_line_id', 'in', lines as never)
    .execute()
  const cards = await soldCardsOf(ctx, { orders })
  await forgetRecipients(
    ctx,
    cards.map(({ account_id }) => account_id),
  )
}

const isErased = ({ shipping_address, billing_address, ...order }: Addressed): boolean =>
  [shipping_address, billing_address].every((one) => one === null || one.name === ERASED) &&
  [order.email, order.notes, order.status_reason].every((text) => text === null)

const ERASED = 'Erased'

/** A placeholder that every reader of an address can read. The country is what taxes go by. */
const erased = (address: Stored): Static<typeof Address> | null =>
  address && {
    name: ERASED,
    street: ERASED,
    city: ERASED,
    state: ERASED,
    postal_code: '-',
    country: address.country,
  }

/** The customer's orders, deleted ones too, oldest first. */
async function* batches(ctx: Context, customer_id: Id<'customer'>) {
  for (let after: Id<'order'> | undefined; ; ) {
    let orders = db(ctx)
      .selectFrom('orders')
      .select(['id', 'number', 'status', 'payment_status', 'placed_at', 'currency'])
      .select(['total_amount', 'email', 'shipping_address', 'billing_address', 'notes'])
      .select('status_reason')
      .where('customer_id', '=', customer_id)
      .orderBy('id')
      .limit(BATCH)
    if (after) orders = orders.where('id', '>', after)
    const found = await orders.execute()
    if (found.length > 0) yield found
    if (found.length < BATCH) return
    after = found.at(-1)?.id
  }
}

async function linesOf(ctx: Context, ids: readonly Id<'order'>[]) {
  const lines = await db(ctx)
    .selectFrom('order_lines')
    .select(['id', 'order_id', 'sku', 'name', 'quantity'])
    .where('order_id', 'in', ids)
    .orderBy('order_id')
    .orderBy('position')
    .execute()
  const recipients = await giftCardRecipients(ctx, [{ has_gift_cards: true }], lines)
  const told = lines.map((line) => ({
    ...line,
    gift_card_recipient: recipients.get(line.id) ?? null,
  }))
  return Map.groupBy(told, ({ order_id }) => order_id)
}
