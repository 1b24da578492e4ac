import type { Id } from '#kit/ids'
import type { App } from '#platform/app'
import { transactAsSystem } from '#platform/execute'
import { openSecret } from '../secrets.ts'
import { type Received, webhookSender } from '../sender.ts'
import { signatureHeaders } from '../signing/sign.ts'
import type { WebhookRow } from '../tables.ts'
import { type Claimed, claim } from './claim.ts'
import { record, type Try } from './record.ts'

/** Failures in a row after which an endpoint is only tried now and then. */
const STRIKES_MAX = 8
const COOL_MS = 1_000
const COOL_MAX_MS = 60_000

/**
 * Sends what is due for one endpoint, several at a time. An endpoint that fails is slowed down here
 * and keeps nobody else waiting: each has a pump of its own.
 */
export class Pump {
  readonly #app: App
  readonly #webhook_id: Id<'webhook'>
  readonly #signal: AbortSignal
  readonly #over: Try[] = []
  #stopped = false
  #sending = 0
  #strikes = 0
  #cool_until_ms = 0
  #recording: Promise<void> | undefined
  #running: Promise<void> | undefined
  #changed = Promise.withResolvers<void>()

  constructor(app: App, webhook_id: Id<'webhook'>, signal: AbortSignal) {
    this.#app = app
    this.#webhook_id = webhook_id
    this.#signal = signal
  }

  /** Works until nothing is due; while it works, it is told to look again. */
  run(): Promise<void> {
    if (this.#running) this.#tell()
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Claims nothing more; `run` resolves when what is on its way is recorded. */
  stop(): void {
    this.#stopped = true
    this.#tell()
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      const { promise: changed } = this.#changed
      const free = this.#limit - this.#sending
      const begun = free > 0 && !this.#isCooling ? await this.#begin(free) : 0
      // Something ended while it was claimed: what it stood in the way of may be free by now.
      if (begun === 0 && changed !== this.#changed.promise) continue
      if (begun === 0 && this.#sending === 0 && !this.#recording) return
      if (begun === 0) await changed
      await this.#untilHalfFree()
    }
    while (this.#sending > 0 || this.#recording) await this.#changed.promise
  }

  /** With half of it free, one claim brings many. */
  async #untilHalfFree(): Promise<void> {
    while (!this.#stopped && this.#sending > this.#limit / 2) await this.#changed.promise
  }

  get #limit(): number {
    return this.#strikes >= STRIKES_MAX ? 1 : this.#app.settings.webhook_in_flight
  }

  get #isCooling(): boolean {
    return this.#app.clock().getTime() < this.#cool_until_ms
  }

  async #begin(limit: number): Promise<number> {
    const asked = { webhook_id: this.#webhook_id, limit }
    const held = await transactAsSystem(this.#app, (ctx) => claim(ctx, asked), 'read committed')
    if (!held) return 0
    for (const delivery of held.claimed) {
      this.#sending++
      void this.#send(held.webhook, delivery).then((over) => this.#end(over))
    }
    return held.claimed.length
  }

  async #send(webhook: WebhookRow, delivery: Claimed): Promise<Try> {
    const app = this.#app
    const started = app.clock()
    const began = performance.now()
    let headers: Record<string, string> = {}
    let received: Received
    try {
      headers = this.#headersFor(webhook, delivery, started)
      received = await webhookSender.of(app).send({
        url: webhook.url,
        headers,
        body: delivery.body,
        timeout_ms: app.settings.webhook_timeout_ms,
        allow_private: app.settings.webhook_private_addresses,
        signal: this.#signal,
      })
    } catch (error) {
      app.log.error({ err: error, webhook_id: webhook.id }, 'a webhook could not be made')
      received = { ok: false, error: 'It could not be signed: rotate its secret.', aborted: false }
    }
    const duration_ms = Math.round(performance.now() - began)
    const started_at = started.toISOString()
    return { delivery, webhook, headers, received, started_at, duration_ms }
  }

  #headersFor(webhook: WebhookRow, delivery: Claimed, now: Date): Record<string, string> {
    const { settings } = this.#app
    const until = webhook.previous_valid_until
    const isChanging = until !== null && until > now.toISOString()
    const previous = isChanging ? webhook.previous_secret : null
    return {
      'content-type': 'application/json',
      'user-agent': 'Tradepost-Webhooks/1',
      'x-webhook-delivery': delivery.id,
      'x-webhook-event': delivery.type,
      'x-webhook-attempt': String(delivery.attempts),
      ...signatureHeaders(webhook.signing, {
        url: webhook.url,
        timestamp: Math.floor(now.getTime() / 1000),
        message_id: delivery.message_id,
        delivery_id: delivery.id,
        body: delivery.body,
        secret: openSecret(webhook.secret, settings),
        form: webhook.signature_form,
        previous_secret: previous === null ? undefined : openSecret(previous, settings),
      }),
    }
  }

  #end(over: Try): void {
    this.#sending--
    this.#judge(over.received)
    this.#over.push(over)
    this.#recording ??= this.#recordAll().finally(() => {
      this.#recording = undefined
      this.#tell()
    })
    this.#tell()
  }

  #judge(received: Received): void {
    const isWell = received.ok && received.status < 300
    const outcome = isWell ? 'delivered' : 'failed'
    this.#app.metrics.count('webhook_deliveries_total', { outcome })
    if (isWell) {
      this.#strikes = 0
      this.#cool_until_ms = 0
      return
    }
    this.#strikes++
    if (this.#strikes < STRIKES_MAX) return
    const cool_ms = Math.min(COOL_MAX_MS, COOL_MS * 2 ** (this.#strikes - STRIKES_MAX))
    this.#cool_until_ms = this.#app.clock().getTime() + cool_ms
  }

  /** What is over while one transaction runs is written by the next: many tries, few commits. */
  async #recordAll(): Promise<void> {
    while (this.#over.length > 0) {
      const tries = this.#over.splice(0)
      try {
        await transactAsSystem(this.#app, (ctx) => record(ctx, tries), 'read committed')
      } catch (error) {
        // They are sent again when their lease is over: at least once, never not at all.
        this.#app.log.warn({ err: error, tries: tries.length }, 'tries could not be recorded')
      }
    }
  }

  #tell(): void {
    const told = this.#changed
    this.#changed = Promise.withResolvers<void>()
    told.resolve()
  }
}
