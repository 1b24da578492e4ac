import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type Stripe from 'stripe'
import { Books, type StripeEvent } from './books.ts'
import { type CardBehaviour, cardNamed } from './cards.ts'
import { decideDispute, disputeCharge } from './disputes.ts'
import { readMultipart } from './files.ts'
import { readForm } from './form.ts'
import { addMethod, captureIntent, conclude, payIntent } from './intents.ts'
import { newCustomer } from './objects.ts'
import { type Hook, Postman } from './postman.ts'
import { createRefund, endRefund } from './refunds.ts'
import { Refusal } from './refusal.ts'
import { type Kind, routeOf } from './routes.ts'
import { endSlowSession, expireSession, paySession } from './sessions.ts'

/**
 * What goes wrong with the next request of a kind. `lost after`: it is done, and the answer never
 * arrives. `lost before`: it never arrives. `hangs`: it is done, and no answer ever comes. The
 * others answer as a server in trouble does, and nothing is done.
 */
export type Fault = 'lost after' | 'lost before' | 'hangs' | 'busy' | 'broken' | 'html'
type Kept = { fingerprint: string; answer: Answer | undefined }
type Answer = { status: number; body: object }

const SECRET_KEY = 'sk_test_double'
export const HOOK_SECRET = 'whsec_double_0123456789abcdef'

/** A pretended Stripe that is spoken to over HTTP, as the real one is, by the official package. */
export class StripeDouble {
  readonly books: Books
  /** Every request that arrived, such as `create_intent`. */
  readonly asked: Kind[] = []
  readonly postman: Postman
  #server: Server
  #faults: { kind: Kind; fault: Fault }[] = []
  #kept = new Map<string, Kept>()
  #address = ''

  private constructor(clock: () => Date) {
    this.books = new Books(clock)
    this.postman = new Postman(this.books)
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async open({ clock = () => new Date(), port = 0 } = {}): Promise<StripeDouble> {
    const double = new StripeDouble(clock)
    double.#server.listen(port, '127.0.0.1')
    await once(double.#server, 'listening')
    double.#address = `http://127.0.0.1:${(double.#server.address() as AddressInfo).port}`
    return double
  }

  get url(): string {
    return this.#address
  }

  /** The settings of a house that asks here and nobody else. */
  get settings() {
    return {
      payment_provider: 'stripe' as const,
      stripe_secret_key: SECRET_KEY,
      stripe_publishable_key: 'pk_test_double',
      stripe_webhook_secret: HOOK_SECRET,
      stripe_api_host: this.#address,
      stripe_return_url: 'https://shop.example/back',
      stripe_timeout_ms: 2_000,
    }
  }

  /** The same, as the environment of a server of its own. */
  get environment(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.settings).map(([name, value]) => [
        `APP__${name.toUpperCase()}`,
        String(value),
      ]),
    )
  }

  /**
   * The next requests of this kind go wrong. The official package asks once more by itself when a
   * connection breaks, with the same key: `times: 2` is a call that is really lost.
   */
  fail(kind: Kind, fault: Fault, times = 1): void {
    for (let nth = 0; nth < times; nth++) this.#faults.push({ kind, fault })
  }

  /** From now on events go there by themselves, right after the answer or `before` it. */
  sendTo(hook: Hook | undefined): void {
    this.postman.hook = hook
  }

  /** What happened, as events; `type` picks. */
  events(type?: string): StripeEvent[] {
    return this.books.events.filter((event) => type === undefined || event.type === type)
  }

  /** An event with its signature, for a house that is spoken to without a socket. */
  signed(event: StripeEvent, secret = HOOK_SECRET) {
    return this.postman.signed(event, secret)
  }

  // What payers, banks and people at the dashboard do.

  /** The payer passes (or fails) the challenge, or a slow method ends. */
  async conclude(intent: string, passed = true): Promise<Stripe.PaymentIntent> {
    const found = this.books.intent(intent)
    conclude(this.books, found, passed)
    for (const session of this.books.sessions.values()) {
      const waits = session.payment_intent === intent && session.payment_status === 'unpaid'
      if (waits && session.status === 'complete') endSlowSession(this.books, session, passed)
    }
    await this.postman.flush()
    return found
  }

  /** The payer pays on a page; answers whether it worked. */
  async pay(session: string, card = 'pm_card_visa'): Promise<boolean> {
    const paid = paySession(this.books, session, card)
    await this.postman.flush()
    return paid
  }

  /** The payer's browser confirms a bare intent; answers whether it worked. */
  async payIntent(intent: string, card = 'pm_card_visa'): Promise<boolean> {
    const paid = payIntent(this.books, this.books.intent(intent), card)
    await this.postman.flush()
    return paid
  }

  /** Somebody captures in the dashboard. */
  async captureByHand(intent: string, amount_to_capture: number, more = {}): Promise<void> {
    captureIntent(this.books, this.books.intent(intent), { amount_to_capture, ...more })
    await this.postman.flush()
  }

  async expire(session: string): Promise<void> {
    expireSession(this.books, session)
    await this.postman.flush()
  }

  /** Somebody refunds in the dashboard. */
  async refundByHand(payment_intent: string, amount?: number): Promise<Stripe.Refund> {
    const refund = createRefund(this.books, { payment_intent, ...(amount && { amount }) })
    await this.postman.flush()
    return refund
  }

  async endRefund(id: string, status: 'succeeded' | 'failed'): Promise<void> {
    endRefund(this.books, id, status)
    await this.postman.flush()
  }

  async dispute(intent: string, reason = 'fraudulent'): Promise<Stripe.Dispute> {
    const charge = this.books.chargeOf(this.books.intent(intent)) as Stripe.Charge
    const dispute = disputeCharge(this.books, charge, reason)
    await this.postman.flush()
    return dispute
  }

  async decide(dispute: string, status: Stripe.Dispute['status']): Promise<void> {
    decideDispute(this.books, dispute, status)
    await this.postman.flush()
  }

  /** A payment method that is saved for a customer. */
  savedMethod(behaviour: CardBehaviour = cardNamed('pm_card_visa') ?? {}) {
    const { books } = this
    const customer = newCustomer({ id: books.id('cus'), created: books.now })
    books.customers.set(customer.id, customer)
    return addMethod(books, behaviour, { customer: customer.id })
  }

  /** A Shared Payment Token, as if an agent had granted it to the shop; answers its name. */
  grant({ currency, max_amount }: { currency: string; max_amount: number }): string {
    const { books } = this
    const id = books.id('spt')
    const expires_at = books.now + 3_600
    const token = { id, method: 'pm_card_visa', currency, max_amount, expires_at, used: false }
    books.tokens.set(id, token)
    return id
  }

  async close(): Promise<void> {
    await this.postman.idle()
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
    const body = Buffer.concat(chunks)
    const { pathname, search } = new URL(request.url ?? '/', this.#address)
    if (pathname.startsWith('/pay/') || pathname.startsWith('/3ds/')) {
      return this.#page(pathname, search, response)
    }
    const route = routeOf(`${request.method} ${pathname}`)
    const kind = route?.kind ?? 'other'
    this.asked.push(kind)
    const at = this.#faults.findIndex((one) => one.kind === kind)
    const fault = at < 0 ? undefined : this.#faults.splice(at, 1)[0]?.fault
    if (fault === 'lost before') return void request.socket.destroy()
    if (fault === 'html') return void response.writeHead(502).end('<html>Bad Gateway</html>')
    if (fault === 'busy') return print(response, answerOf(new Refusal(429, 'api_error', 'Slow.')))
    if (fault === 'broken') return print(response, answerOf(new Refusal(500, 'api_error', 'Oops.')))
    const call = {
      address: this.#address,
      version: String(request.headers['stripe-version'] ?? ''),
    }
    const params = String(request.headers['content-type']).startsWith('multipart/')
      ? await readMultipart(request, body)
      : readForm(request.method === 'GET' ? search.slice(1) : body.toString('utf8'))
    const fingerprint = `${pathname} ${JSON.stringify(params)}`
    const answer = this.#once(request, { fingerprint }, () => {
      if (!route) throw new Refusal(404, 'invalid_request_error', `Unrecognized: ${pathname}`)
      return route.run({ books: this.books, id: route.id, params, call })
    })
    if (this.postman.hook?.before) await this.postman.flush()
    if (fault === 'lost after') request.socket.destroy()
    else if (fault !== 'hangs') print(response, answer)
    await this.postman.flush()
  }

  /** The same key answers the same, as long as the rest is the same too. */
  #once(request: IncomingMessage, { fingerprint }: { fingerprint: string }, run: () => object) {
    const key = request.headers['idempotency-key'] as string | undefined
    const kept = key === undefined ? undefined : this.#kept.get(key)
    if (kept && kept.fingerprint !== fingerprint) {
      const message = `Keys for idempotent requests can only be used with the same parameters they were first used with.`
      return answerOf(new Refusal(400, 'idempotency_error', message))
    }
    if (kept?.answer) return kept.answer
    this.books.key = key ?? null
    const answer = this.#answer(request, run)
    this.books.key = null
    // What was refused before anything was tried may be asked again.
    const counts = answer.status < 400 || answer.status === 402
    if (key !== undefined && counts) this.#kept.set(key, { fingerprint, answer })
    return answer
  }

  #answer({ headers }: IncomingMessage, run: () => object): Answer {
    try {
      if (headers.authorization !== `Bearer ${SECRET_KEY}`) {
        throw new Refusal(401, 'invalid_request_error', 'Invalid API Key provided: sk_****')
      }
      return { status: 200, body: structuredClone(run()) }
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem
      return answerOf(problem)
    }
  }

  /** The pages that payers see; `?card=…` and `?outcome=failed` say what they do there. */
  async #page(path: string, search: string, response: ServerResponse): Promise<void> {
    const [, page, id = ''] = path.split('/')
    const query = new URLSearchParams(search)
    if (page === 'pay') {
      const paid = await this.pay(id, query.get('card') ?? undefined)
      const session = this.books.sessions.get(id)
      const next = paid ? session?.success_url : session?.cancel_url
      const location = (next ?? '/').replace('{CHECKOUT_SESSION_ID}', id)
      return void response.writeHead(303, { location }).end()
    }
    const intent = this.books.intent(id)
    const location = intent.next_action?.redirect_to_url?.return_url ?? '/'
    await this.conclude(id, query.get('outcome') !== 'failed')
    response.writeHead(303, { location: `${location}?payment_intent=${id}` }).end()
  }
}

const answerOf = ({ status, body }: Refusal): Answer => ({ status, body })

function print(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
