import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Hosted, HostedRequest } from '#modules/payments'

/** A page or an intent of the test provider, as its books have it. */
export type TestPage = Hosted & { key: string; kind: HostedRequest['kind'] }

/**
 * The pages that the test provider has opened, in the same file as its other books: they outlive a
 * house that dies.
 */
export class Pages {
  readonly #add: StatementSync
  readonly #change: StatementSync
  readonly #byKey: StatementSync

  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    const sqlite = new DatabaseSync(file, { timeout: 5000 })
    sqlite.exec(
      'create table if not exists pages (key text primary key, page text not null) without rowid',
    )
    this.#add = sqlite.prepare('insert into pages values (?, ?) on conflict (key) do nothing')
    this.#change = sqlite.prepare('update pages set page = ? where key = ?')
    this.#byKey = sqlite.prepare('select page from pages where key = ?')
  }

  /** Opens a page, unless its key is known; answers the one that counts. */
  open(request: HostedRequest): TestPage {
    const page = openPage(request)
    this.#add.run(page.key, JSON.stringify(page))
    return this.find(page.ref)
  }

  /** Throws on a page that was never opened. */
  find(ref: string): TestPage {
    const row = this.#byKey.get(ref.replace(/^(cs|pi)_test_/, '')) as { page: string } | undefined
    if (!row) throw new Error(`the test provider knows no page ${ref}`)
    return JSON.parse(row.page) as TestPage
  }

  keep(page: TestPage): TestPage {
    this.#change.run(JSON.stringify(page), page.key)
    return page
  }
}

/** The name of the payment of a page: made of its key, so the same key is the same payment. */
export const paymentRefOf = ({ key }: Pick<TestPage, 'key'>) => `pi_test_${key}`

function openPage(request: HostedRequest): TestPage {
  const { key, kind } = request
  const ref = kind === 'intent' ? paymentRefOf({ key }) : `cs_test_${key}`
  return {
    key,
    kind,
    ref,
    payment_ref: kind === 'intent' ? ref : null,
    url: kind === 'page' ? `https://pay.test-provider.example/${ref}` : null,
    client_secret: kind === 'page' ? null : `${ref}_secret_test`,
    status: 'open',
    payment_status: 'unpaid',
    provider_status: kind === 'intent' ? 'requires_payment_method' : 'open',
    amount: request.amount,
    currency: request.currency,
    customer_email: request.customer_email,
    metadata: request.metadata,
    expires_at: request.expires_at,
  }
}
