import { sql } from 'kysely'
import { type Id, newId } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { Settings } from '#platform/config/settings'
import type { Engine } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { openHouse } from '#testing'
import { type Payable, payableOrders } from '../payable.ts'
import { sweepPayments } from '../sweep.ts'
import { signatureOf } from '../webhook/signature.ts'

export const SECRET = 'a secret that only the tests and this house share'

/**
 * A house with orders to pay. The orders are a table of the test: what payments knows of orders
 * is a port, and here the port is all there is. So the real orders, which stand above, do not
 * listen.
 */
export async function openShop(
  engine: Engine,
  start = new Date(),
  settings: Partial<Settings> = {},
) {
  const orders = new Map<string, Payable>()
  let ahead_ms = 0
  const began = Date.now()
  const clock = () => new Date(start.getTime() + ahead_ms + Date.now() - began)
  const secret = { payment_webhook_secret: SECRET }
  const house = await openHouse(engine, { settings: { ...secret, ...settings }, clock })
  payableOrders.provide(house.app, { payableOf: async (_ctx, order_id) => orders.get(order_id) })

  const together = house.app.reactions.together as Map<string, unknown>
  for (const event of together.keys()) if (event.startsWith('payment.')) together.delete(event)

  return Object.assign(house, {
    orders,
    clock,
    /** An order of so many minor units. */
    newOrder(total_amount = 5990, more: Partial<Payable> = {}): Id<'order'> {
      const id = newId('order', Date.now())
      orders.set(id, { currency: 'USD', total_amount, customer_id: null, open: true, ...more })
      return id
    },
    /** Pays an order in full by card, as the test provider's payment method has it. */
    pay(
      order_id: string,
      payment_method_id = 'pm_test_success',
      body: object = {},
      more: object = {},
    ) {
      const { total_amount, currency } = orders.get(order_id) as Payable
      const amount = formatMoney(total_amount, currency)
      const card = { order_id, amount, payment_method: 'credit_card', payment_method_id }
      return house.ask('POST /api/v1/payments', { ...card, ...body }, more)
    },
    payment: async (id: string) => (await house.ask(`GET /api/v1/payments/${id}`)).data,
    /** Lets time pass without waiting for it. */
    pass(ms: number) {
      ahead_ms += ms
    },
    sweep: () => sweepPayments(systemProcess(house.app)),
    /** A webhook as the provider would send it. */
    webhook(event: object, { secret = SECRET, at = clock() }: { secret?: string; at?: Date } = {}) {
      const body = JSON.stringify(event)
      const timestamp = String(Math.floor(at.getTime() / 1000))
      const headers = {
        'x-timestamp': timestamp,
        'x-signature': signatureOf(secret, timestamp, body),
      }
      return this.post(body, headers)
    },
    post: (body: string, headers: Record<string, string>) =>
      house.http.inject({
        method: 'POST',
        url: '/api/v1/payments/webhook',
        headers: { 'content-type': 'application/json', ...headers },
        payload: body,
      }),
    /** Rows of one of the module's tables, as they are stored. */
    async rows(table: string): Promise<Record<string, unknown>[]> {
      const { rows } = await house.database.read((session) =>
        sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(session.kysely),
      )
      return rows
    },
  })
}

export type Shop = Awaited<ReturnType<typeof openShop>>
