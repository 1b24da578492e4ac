import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../refusal.ts'
import { Books, type Page, type Resource } from './books.ts'

/**
 * What goes wrong with the next request of a kind. `lost after`: it is done, and the answer never
 * arrives; `half`: half of it does. `lost before`: it never arrives. The others answer as a server
 * in trouble does; `slow` answers well, when nobody waits any more.
 */
export type Fault = 'lost after' | 'lost before' | 'half' | 'busy' | 'broken' | 'html' | 'slow'

/** Longer than the house waits (`woocommerce_timeout_ms` below). */
const SLOW_MS = 2_500
/** How long an answer is kept back that somebody watches. */
const ANSWER_PAUSE_MS = 1_500
const KEY = 'ck_of_the_double_0123456789'
const SECRET = 'cs_of_the_double_0123456789'
const HOOK_SECRET = 'hook of the wöo'

/** A pretended WooCommerce, spoken to over HTTP by the official client, as the real one is. */
export class WooDouble {
  readonly books = new Books()
  /** Every request that arrived, such as `POST orders`. */
  readonly asked: string[] = []
  #server: Server
  #faults: { kind: string; fault: Fault }[] = []
  #awaited: { kind: string; resolve: () => void }[] = []
  #address = ''
  #deliveries = 0

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async open(): Promise<WooDouble> {
    const double = new WooDouble()
    double.#server.listen(0, '127.0.0.1')
    await once(double.#server, 'listening')
    double.#address = `http://127.0.0.1:${(double.#server.address() as AddressInfo).port}`
    return double
  }

  /** The settings of a house that speaks with this shop. */
  get settings() {
    return {
      woocommerce_url: `${this.#address}/shop/`,
      woocommerce_consumer_key: KEY,
      woocommerce_consumer_secret: SECRET,
      woocommerce_webhook_secret: HOOK_SECRET,
      woocommerce_timeout_ms: 2_000,
    }
  }

  /** The next request of this kind, such as `POST orders`, goes wrong. */
  fail(kind: string, fault: Fault): void {
    this.#faults.push({ kind, fault })
  }

  /** Resolves when the next request of this kind is done, before it is answered. */
  next(kind: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#awaited.push({ kind, resolve })
    return promise
  }

  /** How often something was asked, such as `POST orders`. */
  times(kind: string): number {
    return this.asked.filter((one) => one === kind).length
  }

  /** Time passes in the shop. */
  pass(seconds: number): void {
    this.books.now = new Date(this.books.now.getTime() + seconds * 1000)
  }

  /** A webhook as the shop would deliver it now: headers and body. Another secret forges it. */
  webhook(topic: string, resource: Resource, { secret = HOOK_SECRET, delivery = '' } = {}) {
    const body = JSON.stringify(resource)
    const [kind, event] = topic.split('.')
    const headers = {
      'content-type': 'application/json',
      'x-wc-webhook-source': 'https://woo.example/',
      'x-wc-webhook-topic': topic,
      'x-wc-webhook-resource': String(kind),
      'x-wc-webhook-event': String(event),
      'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
      'x-wc-webhook-id': '7',
      'x-wc-webhook-delivery-id': delivery || `delivery-${++this.#deliveries}`,
    }
    return { headers, body }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const url = new URL(request.url ?? '', this.#address)
    const path = url.pathname.replace('/shop/wp-json/wc/v3/', '')
    const method = request.method ?? ''
    const kind = `${method} ${path.replace(/\d+/g, ':id')}`
    this.asked.push(kind)
    const at = this.#faults.findIndex((one) => one.kind === kind)
    const fault = at < 0 ? undefined : this.#faults.splice(at, 1)[0]?.fault
    if (fault === 'lost before') return void request.socket.destroy()
    if (fault === 'html') return void response.writeHead(502).end('<html>Bad Gateway</html>')
    if (fault === 'broken') return refuse(response, new Refusal(500, 'internal', 'Oops.'))
    if (fault === 'busy') {
      response.setHeader('retry-after', '120')
      return refuse(response, new Refusal(429, 'too_many_requests', 'Slow down.'))
    }
    try {
      this.#authorize(method, url)
      const answer = this.#answer(method, path, {
        query: url.searchParams,
        sent: text === '' ? {} : JSON.parse(text),
      })
      const watched = this.#awaited.findIndex((one) => one.kind === kind)
      if (watched >= 0) {
        this.#awaited.splice(watched, 1)[0]?.resolve()
        // Whoever waits for this moment wants the asker dead before it hears the answer.
        await pause(ANSWER_PAUSE_MS)
      }
      if (fault === 'lost after') return void request.socket.destroy()
      if (fault === 'slow') await pause(SLOW_MS)
      const status = method === 'POST' ? 201 : 200
      const isPage = 'rows' in answer
      const printed = JSON.stringify(isPage ? answer.rows : answer)
      const counts = isPage && { 'x-wp-total': answer.total, 'x-wp-totalpages': answer.pages }
      response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...counts })
      response.end(fault === 'half' ? printed.slice(0, printed.length / 2) : printed)
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem
      refuse(response, problem)
    }
  }

  /** Without TLS the real one takes OAuth 1.0a of one leg only, and checks every part of it. */
  #authorize(method: string, url: URL): void {
    // The official client says each member of a query twice; PHP hears the last one only.
    const said = new Map(url.searchParams)
    said.delete('oauth_signature')
    const pairs = [...said]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&')
    const address = `${this.#address}${url.pathname}`
    const base = [method, address, pairs].map(encoded).join('&')
    const expected = createHmac('sha256', `${SECRET}&`).update(base).digest('base64')
    const isGood =
      url.searchParams.get('oauth_consumer_key') === KEY &&
      url.searchParams.get('oauth_signature') === expected
    if (isGood) return
    throw new Refusal(401, 'woocommerce_rest_authentication_error', 'Invalid signature.')
  }

  #answer(method: string, path: string, { query, sent }: Asked): Page | Resource {
    const [name = '', id, inner, inner_id] = path.split('/')
    const { books } = this
    const number = Number(id)
    if (name === 'products' && inner === 'variations') {
      if (method === 'POST') return books.createProduct(sent, number)
      if (method === 'PUT') return books.updateProduct(Number(inner_id), sent, number)
      if (inner_id === undefined) return books.variations(number, query)
      return books.product(Number(inner_id), number)
    }
    if (name === 'products' && id === 'categories') {
      const { categories } = books
      if (method === 'POST') return categories.create(sent)
      if (method === 'PUT') return categories.update(Number(inner), sent)
      return inner === undefined ? categories.list(query) : categories.get(Number(inner))
    }
    if (name === 'products') {
      if (method === 'POST') return books.createProduct(sent)
      if (method === 'PUT') return books.updateProduct(number, sent)
      return id === undefined ? books.list('products', query) : books.product(number)
    }
    if (name === 'orders') {
      if (method === 'POST') return books.createOrder(sent)
      if (method === 'PUT') return books.updateOrder(number, sent)
      return id === undefined ? books.list('orders', query) : books.order(number)
    }
    throw new Refusal(404, 'rest_no_route', 'No route was found matching the URL.')
  }
}

type Asked = { query: URLSearchParams; sent: any }

const encoded = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

function refuse(response: ServerResponse, { status, code, message }: Refusal): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ code, message, data: { status } }))
}
