import type {
  ChargeRequest,
  Fact,
  FactOperation,
  PaymentProvider,
  ProviderAnswer,
  ProviderRequest,
  WebhookDoor,
} from '#modules/payments'
import { type Card, isVaultToken, type OpenCard } from '#modules/vault'
import { type Behaviour, behaviourOf } from './behaviours.ts'
import { methodOf } from './cards.ts'
import { endPage, hostedBy, type PageOutcome } from './hosted.ts'
import { hostedWebhookBody } from './hosted-webhooks.ts'
import { type Entry, Ledger } from './ledger.ts'
import { Pages } from './pages.ts'
import { readWebhook, signed, webhookOf } from './webhooks.ts'

export type TestProviderOptions = {
  /** Where its books are: a file of its own, or `:memory:`. */
  file: string
  /** Signs its webhooks. */
  secret: string
  clock: () => Date
  /** When a late webhook comes, in milliseconds after the answer. */
  late_ms?: number
  /** The card behind a token of the vault. */
  cardOf?: (open: OpenCard) => Promise<Card | undefined>
}

/** Thrown where a real network would have gone silent. */
class ConnectionLost extends Error {
  override name = 'ConnectionLost'
}

/**
 * The built-in provider: a small payment service that moves no money. It behaves as real ones do
 * (idempotent by key, books of its own, signed webhooks over HTTP), and on demand as badly as real
 * ones do: the payment method says how, see behaviours.ts.
 */
export class TestProvider implements PaymentProvider {
  readonly name = 'test'
  readonly untraced_after_ms = 0
  readonly timeout_ms = 10_000
  /** All cards of `cards.ts` that ask for 3-D Secure are of Visa. */
  readonly acquirer = { bin: '400000', directory_server: 'visa' as const }
  readonly readWebhook = readWebhook
  readonly hosted = hostedBy(() => this.#openPages())
  readonly #options: TestProviderOptions
  #ledger: Ledger | undefined
  #pages: Pages | undefined
  #door: WebhookDoor | undefined

  constructor(options: TestProviderOptions) {
    this.#options = options
  }

  /** Its books; opened when first needed. */
  get ledger(): Ledger {
    this.#ledger ??= new Ledger(this.#options.file)
    return this.#ledger
  }

  #openPages(): Pages {
    const { file } = this.#options
    this.#pages ??= new Pages(file)
    return this.#pages
  }

  connect(door: WebhookDoor): void {
    this.#door = door
  }

  sale(request: ChargeRequest): Promise<ProviderAnswer> {
    return this.#charge(request, 'sale')
  }

  authorize(request: ChargeRequest): Promise<ProviderAnswer> {
    return this.#charge(request, 'authorize')
  }

  async #charge(request: ChargeRequest, operation: 'sale' | 'authorize'): Promise<ProviderAnswer> {
    const payment_method_id = await this.#methodOf(request)
    const behaviour = behaviourOf(payment_method_id)
    if (behaviour.answer === 'lost before charging') throw new ConnectionLost('no answer')
    const ref = refOf('ch', request.key)
    const { charge } = behaviour
    const { entry, fresh } = this.ledger.add({
      key: request.key,
      ref,
      charge_ref: ref,
      operation,
      outcome: charge?.outcome ?? 'succeeded',
      amount: request.amount,
      currency: request.currency,
      payment_method_id,
      code: charge?.outcome === 'failed' ? charge.code : null,
      message: charge?.outcome === 'failed' ? charge.message : null,
      // What is answered as pending first has come to its end one step later.
      sequence: behaviour.answer === 'pending' ? 2 : 1,
      occurred_at: this.#now(),
    })
    if (!fresh) return answerOf(entry)
    if (behaviour.answer === 'lost after charging') throw new ConnectionLost('no answer')
    await this.#tell(entry, behaviour)
    if (behaviour.answer === 'pending') {
      return answerOf({ ...entry, outcome: 'pending', sequence: 1 })
    }
    return answerOf(entry)
  }

  /** Of a card only what it does goes into the books. */
  async #methodOf({ payment_method_id, key }: ChargeRequest): Promise<string | null> {
    const { cardOf } = this.#options
    if (!cardOf || payment_method_id === null || !isVaultToken(payment_method_id)) {
      return payment_method_id
    }
    return methodOf(await cardOf({ token: payment_method_id, charge_key: key }))
  }

  async confirm(request: ProviderRequest): Promise<ProviderAnswer> {
    const charge = this.#chargeOf(request)
    if (charge.outcome !== 'action_required') return answerOf(charge)
    const behaviour = behaviourOf(charge.payment_method_id)
    const passed = behaviour.challenge === 'passed'
    const after: Entry = {
      ...charge,
      outcome: passed ? 'succeeded' : 'failed',
      code: passed ? null : 'authentication_failed',
      message: passed ? null : 'The payer did not pass 3-D Secure.',
      sequence: charge.sequence + 1,
      occurred_at: this.#now(),
    }
    this.ledger.change(after)
    await this.#tell(after, behaviour)
    return answerOf(after)
  }

  async capture(request: ProviderRequest): Promise<ProviderAnswer> {
    const charge = this.#chargeOf(request)
    const { capture } = behaviourOf(charge.payment_method_id)
    const taken = this.ledger.total(charge.ref, 'capture')
    const left = charge.amount - taken - this.ledger.total(charge.ref, 'void')
    const refusal =
      capture === 'fails'
        ? { code: 'capture_refused', message: 'The issuer let the authorisation lapse.' }
        : refusalOf(charge, { left, operation: 'authorize', amount: request.amount })
    return this.#move(request, { charge, operation: 'capture', refusal, answer: capture })
  }

  async void(request: ProviderRequest): Promise<ProviderAnswer> {
    const charge = this.#chargeOf(request)
    if (charge.outcome === 'action_required') return this.#cancel(request, charge)
    const taken = this.ledger.total(charge.ref, 'capture')
    const left = charge.amount - taken - this.ledger.total(charge.ref, 'void')
    const refusal = refusalOf(charge, { left, operation: 'authorize', amount: request.amount })
    return this.#move(request, { charge, operation: 'void', refusal })
  }

  async refund(request: ProviderRequest): Promise<ProviderAnswer> {
    const charge = this.#chargeOf(request)
    const { refund } = behaviourOf(charge.payment_method_id)
    const taken =
      charge.operation === 'sale' ? charge.amount : this.ledger.total(charge.ref, 'capture')
    const left = taken - this.ledger.total(charge.ref, 'refund')
    const refusal =
      refund === 'fails'
        ? { code: 'refund_refused', message: 'The account of the payer is closed.' }
        : refusalOf(charge, { left, operation: charge.operation, amount: request.amount })
    return this.#move(request, { charge, operation: 'refund', refusal, answer: refund })
  }

  async lookUp(key: string): Promise<ProviderAnswer | undefined> {
    const entry = this.ledger.byKey(key)
    return entry && answerOf(entry)
  }

  /**
   * What a payer does on a page that `hosted` has opened, and the webhooks that follow; `twice`
   * sends each of them again. Answers when all have been taken.
   */
  async completeHosted(ref: string, outcome: PageOutcome, { twice = false } = {}): Promise<void> {
    const { secret, clock } = this.#options
    const books = { pages: this.#openPages(), ledger: this.ledger, now: this.#now() }
    const news = endPage(ref, outcome, books)
    for (const one of twice ? [...news, ...news] : news) {
      await this.#door?.(signed(hostedWebhookBody(one), { secret, now: clock() }))
    }
  }

  /** Writes a capture, void or refund beside its charge, and answers as the behaviour has it. */
  async #move(request: ProviderRequest, move: Move): Promise<ProviderAnswer> {
    const { charge, operation, refusal, answer } = move
    const { entry, fresh } = this.ledger.add({
      key: request.key,
      ref: refOf(operation.slice(0, 2), request.key),
      charge_ref: charge.ref,
      operation,
      outcome: refusal ? 'failed' : 'succeeded',
      amount: request.amount,
      currency: charge.currency,
      payment_method_id: null,
      code: refusal?.code ?? null,
      message: refusal?.message ?? null,
      sequence: answer === 'pending' ? 2 : 1,
      occurred_at: this.#now(),
    })
    if (!fresh) return answerOf(entry)
    if (answer === 'lost') throw new ConnectionLost('no answer')
    await this.#tell(entry, behaviourOf(charge.payment_method_id))
    if (answer === 'pending') return answerOf({ ...entry, outcome: 'pending', sequence: 1 })
    return answerOf(entry)
  }

  /** Cancels a charge that waits for its payer: nothing is held, so nothing moves. */
  async #cancel(request: ProviderRequest, charge: Entry): Promise<ProviderAnswer> {
    const cancelled: Entry = {
      ...charge,
      outcome: 'failed',
      code: 'cancelled',
      message: 'The payment was cancelled.',
      sequence: charge.sequence + 1,
      occurred_at: this.#now(),
    }
    this.ledger.change(cancelled)
    return this.#move({ ...request, amount: 0 }, { charge, operation: 'void', refusal: undefined })
  }

  #chargeOf({ payment_ref }: ProviderRequest): Entry {
    const charge = payment_ref === null ? undefined : this.ledger.byRef(payment_ref)
    if (!charge) throw new Error(`the test provider knows no charge ${payment_ref}`)
    return charge
  }

  async #tell(entry: Entry, { webhook }: Behaviour): Promise<void> {
    if (webhook === undefined) return
    const { late_ms = 1_500 } = this.#options
    if (webhook === 'before') return this.#deliver(entry)
    const wait = webhook === 'late' ? late_ms : 0
    const times = webhook === 'twice' ? 2 : 1
    setTimeout(async () => {
      for (let nth = 0; nth < times; nth++) await this.#deliver(entry)
    }, wait).unref()
  }

  /** A webhook that does not arrive is lost: who waits for it looks the payment up. */
  async #deliver(entry: Entry): Promise<void> {
    const { secret, clock } = this.#options
    await this.#door?.(webhookOf(entry, { secret, now: clock() })).catch(() => {})
  }

  #now(): string {
    return this.#options.clock().toISOString()
  }
}

type Refusal = { code: string; message: string } | undefined
type Move = {
  charge: Entry
  operation: 'capture' | 'void' | 'refund'
  refusal: Refusal
  answer?: Behaviour['capture'] | Behaviour['refund']
}

/** The provider guards its own money too, whoever asks. */
function refusalOf(
  charge: Entry,
  { left, operation, amount }: { left: number; operation: FactOperation; amount: number },
): Refusal {
  if (charge.outcome !== 'succeeded' || charge.operation !== operation) {
    return { code: 'wrong_state', message: 'The charge is not in a state that allows this.' }
  }
  if (amount > left)
    return { code: 'amount_too_large', message: 'Not so much is left of the charge.' }
  return undefined
}

/** The same key is the same object, so its name can be made of the key. */
const refOf = (prefix: string, key: string) => `${prefix}_${key}`

const answerOf = (entry: Entry): ProviderAnswer => ({
  payment_ref: entry.charge_ref,
  facts: [factOf(entry)],
})

const factOf = (entry: Entry): Fact => ({
  ref: entry.ref,
  operation: entry.operation,
  outcome: entry.outcome,
  amount: entry.amount,
  currency: entry.currency,
  sequence: entry.sequence,
  occurred_at: entry.occurred_at,
  request_id: entry.key,
  code: entry.code,
  message: entry.message,
  action_url:
    entry.outcome === 'action_required' ? `https://3ds.test-provider.example/${entry.ref}` : null,
})
