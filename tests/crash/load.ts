import { randomUUID } from 'node:crypto'
import type { Reply, ServerProcess } from './server.ts'

/** One request with its key; `reply` is missing when the server died before it answered. */
export type Sent = {
  kind: 'order' | 'payment' | 'cancel'
  path: string
  body: object
  key: string
  reply?: Reply
}

const METHODS = ['success', 'success', 'timeout_after_charge', 'webhook_never', 'refund_pending']

/** Shoppers who order, pay and now and then cancel, as fast as they are served, until it dies. */
export class Load {
  readonly sent: Sent[] = []
  readonly #server: ServerProcess
  readonly #customer_id: string
  readonly #products: readonly string[]
  #open = true
  #count = 0

  constructor(server: ServerProcess, shop: { customer_id: string; products: readonly string[] }) {
    this.#server = server
    this.#customer_id = shop.customer_id
    this.#products = shop.products
  }

  /** Resolves when every shopper has noticed that nobody answers any more. */
  async run(shoppers: number): Promise<void> {
    this.#open = true
    await Promise.all(Array.from({ length: shoppers }, () => this.#shop()))
  }

  async #shop(): Promise<void> {
    while (this.#open) {
      const nth = this.#count++
      const order = await this.#send('order', '/orders', {
        customer_id: this.#customer_id,
        items: this.#products.map((sku, at) => ({ sku, quantity: 1 + ((nth + at) % 3) })),
      })
      if (order?.status !== 201) continue
      await this.#send('payment', '/payments', {
        order_id: order.data.id,
        amount: order.data.total_amount,
        payment_method: 'credit_card',
        payment_method_id: `pm_test_${METHODS[nth % METHODS.length]}`,
      })
      if (nth % 4 === 0) await this.#send('cancel', `/orders/${order.data.id}/cancel`, {})
    }
  }

  async #send(kind: Sent['kind'], path: string, body: object): Promise<Reply | undefined> {
    const sent: Sent = { kind, path, body, key: randomUUID() }
    this.sent.push(sent)
    try {
      sent.reply = await this.#server.ask('POST', path, body, sent.key)
    } catch {
      this.#open = false
    }
    return sent.reply
  }
}
