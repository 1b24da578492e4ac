import { createHmac } from 'node:crypto'
import type { Books, StripeEvent } from './books.ts'

/** Where events go; `before`: before the answer to the call that caused them. */
export type Hook = { url: string; secret: string; before?: true }

/** Sends what happened to whoever listens, signed, in the order in which it happened. */
export class Postman {
  hook: Hook | undefined
  readonly #books: Books
  #sent = 0
  #last: Promise<void> = Promise.resolve()

  constructor(books: Books) {
    this.#books = books
  }

  /** Sends what was not sent yet, and waits until it has arrived. */
  flush(): Promise<void> {
    const { hook } = this
    const waiting = this.#books.events.slice(this.#sent)
    if (!hook || waiting.length === 0) return this.#last
    this.#sent = this.#books.events.length
    this.#last = this.#last.then(async () => {
      for (const event of waiting) await this.send(event, hook)
    })
    return this.#last
  }

  /** Nothing is on its way any more. */
  idle(): Promise<void> {
    return this.#last
  }

  /** An event with its signature. */
  signed(event: StripeEvent, secret: string) {
    const body = JSON.stringify(event)
    return { body, headers: this.sign(body, secret) }
  }

  /** The headers of a body, whatever it is. */
  sign(body: string, secret: string): Record<string, string> {
    const time = this.#books.now
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    return {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': `t=${time},v1=${signature}`,
    }
  }

  /** Sends one event, again or for the first time, and answers the status; 0 where nobody is. */
  async send(event: StripeEvent, { url, secret }: Hook): Promise<number> {
    const { body, headers } = this.signed(event, secret)
    try {
      return (await fetch(url, { method: 'POST', headers, body })).status
    } catch {
      return 0
    }
  }
}
