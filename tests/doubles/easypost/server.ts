import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Refusal } from '../refusal.ts'
import { Books } from './books.ts'

/**
 * What goes wrong with the next request of a kind. `lost after`: it is done, and the answer never
 * arrives. `lost before`: it never arrives. The others answer as a server in trouble does.
 */
export type Fault = 'lost after' | 'lost before' | 'busy' | 'broken' | 'html'
export type Kind = 'create' | 'retrieve' | 'buy' | 'refund' | 'tracker' | 'scan_form' | 'label'

const KEY = 'EZTKtest'
// A PDF of one empty page, as small as one can be.
const PAPER = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)

type Hook = { url: string; secret: string }
type Event = { id: string; body: string }

/** A pretended EasyPost that is spoken to over HTTP, as the real one is, by the official client. */
export class EasyPostDouble {
  readonly books = new Books()
  /** Every request that arrived, such as `buy`. */
  readonly asked: Kind[] = []
  readonly key = KEY
  #server: Server
  #faults: { kind: Kind; fault: Fault }[] = []
  #hook: Hook | undefined
  #address = ''

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async open(): Promise<EasyPostDouble> {
    const double = new EasyPostDouble()
    double.#server.listen(0, '127.0.0.1')
    await once(double.#server, 'listening')
    double.#address = `http://127.0.0.1:${(double.#server.address() as AddressInfo).port}`
    return double
  }

  /** What the client's base URL is set to. */
  get url(): string {
    return `${this.#address}/v2/`
  }

  /** The settings of a house that asks here and nobody else. */
  get settings() {
    return {
      table_carrier: false,
      easypost_api_key: KEY,
      easypost_webhook_secret: 'sécret of the hook',
      easypost_url: this.url,
      carrier_timeout_ms: 1500,
    }
  }

  /** The next request of this kind goes wrong. */
  fail(kind: Kind, fault: Fault): void {
    this.#faults.push({ kind, fault })
  }

  /** Where events are sent. */
  sendTo(hook: Hook | undefined): void {
    this.#hook = hook
  }

  /** Something happens to a parcel: an event about it, signed, ready to be sent in any order. */
  scan(tracking_code: string, detail: Record<string, unknown>): Event {
    const tracker = structuredClone(this.books.scan(tracking_code, detail))
    const id = `evt_${randomBytes(12).toString('hex')}`
    // The real one writes whole weights as 1.0, and signs that.
    const event = { id, object: 'Event', description: 'tracker.updated', mode: 'test' }
    return { id, body: JSON.stringify({ ...event, result: { ...tracker, weight: 17 } }) }
  }

  /** Sends an event and answers the status; another secret makes a forged one. */
  async send({ body }: Event, secret?: string): Promise<number> {
    if (!this.#hook) throw new Error('nobody listens: sendTo')
    const answer = await fetch(this.#hook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hmac-signature': signature(secret ?? this.#hook.secret, body),
      },
      body,
    })
    return answer.status
  }

  /** The headers and the body of an event, for a house that is spoken to without a socket. */
  signed({ body }: Event, secret: string) {
    return { body, headers: { 'x-hmac-signature': signature(secret, body) } }
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
    const path = (request.url ?? '').replace(/\?.*$/, '')
    const kind = kindOf(`${request.method} ${path}`)
    if (kind) this.asked.push(kind)
    const at = this.#faults.findIndex((one) => one.kind === kind)
    const fault = at < 0 ? undefined : this.#faults.splice(at, 1)[0]?.fault
    if (fault === 'lost before') return void request.socket.destroy()
    if (fault === 'busy') return error(response, new Refusal(429, 'RATE_LIMITED', 'Slow down.'))
    if (fault === 'broken') return error(response, new Refusal(500, 'INTERNAL', 'Oops.'))
    if (fault === 'html') return void response.writeHead(502).end('<html>Bad Gateway</html>')
    try {
      if (kind !== 'label') this.#authorize(request)
      const answer = this.#answer(kind, path, text === '' ? {} : JSON.parse(text))
      if (fault === 'lost after') return void request.socket.destroy()
      if (Buffer.isBuffer(answer)) {
        return void response.writeHead(200, { 'content-type': 'application/pdf' }).end(answer)
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem
      error(response, problem)
    }
  }

  /** The key is the user of basic authentication, without a password. */
  #authorize({ headers }: IncomingMessage): void {
    const expected = `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`
    if (headers.authorization === expected) return
    throw new Refusal(401, 'APIKEY.INACTIVE', 'This api key is no longer active.')
  }

  #answer(kind: Kind | undefined, path: string, body: any): object {
    const [, , , name = ''] = path.split('/')
    const { books } = this
    if (kind === 'create') return books.create(body.shipment ?? {})
    if (kind === 'retrieve') return books.find(name)
    if (kind === 'buy') return books.buy(name, body.rate?.id, this.#address)
    if (kind === 'refund') return books.refund(name)
    if (kind === 'tracker') return books.track(body.tracker?.tracking_code)
    if (kind === 'scan_form') {
      const refs = (body.scan_form?.shipments ?? []).map((one: { id: string }) => one.id)
      return books.scanForm(refs, this.#address)
    }
    if (kind === 'label') return PAPER
    throw new Refusal(404, 'NOT_FOUND', 'The requested resource could not be found.')
  }
}

const ROUTES: readonly (readonly [RegExp, Kind])[] = [
  [/^POST \/v2\/shipments$/, 'create'],
  [/^GET \/v2\/shipments\/[^/]+$/, 'retrieve'],
  [/^POST \/v2\/shipments\/[^/]+\/buy$/, 'buy'],
  [/^POST \/v2\/shipments\/[^/]+\/refund$/, 'refund'],
  [/^POST \/v2\/trackers$/, 'tracker'],
  [/^POST \/v2\/scan_forms$/, 'scan_form'],
  [/^GET \/labels\/[^/]+$/, 'label'],
]
const kindOf = (route: string): Kind | undefined =>
  ROUTES.find(([pattern]) => pattern.test(route))?.[1]

function error(response: ServerResponse, { status, code, message }: Refusal): void {
  const body = JSON.stringify({ error: { code, message, errors: [] } })
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

/** As the documents have it: over the body as it was sent, where whole weights end in `.0`. */
function signature(secret: string, body: string): string {
  const signed = body.replace(/("weight":\s*)(\d+)(\s*)(?=,|\})/g, '$1$2.0')
  const digest = createHmac('sha256', secret.normalize('NFKD')).update(signed).digest('hex')
  return `hmac-sha256-hex=${digest}`
}
