import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createManualProvider, type PaymentProvider, type Providers } from '#modules/payments'
import type { Card, OpenCard } from '#modules/vault'
import type { App } from '#platform/app'
import { parseDatabaseUrl } from '#platform/config/database-url'
import { createCreditProvider } from './credit-provider.ts'
import { createStripe } from './stripe/stripe.ts'
import { TestProvider } from './test-provider/test-provider.ts'

/** Where providers find the card behind a token of the vault. */
export type Cards = { cardOf: (open: OpenCard) => Promise<Card | undefined> }

/**
 * The payment providers that the settings ask for. Where Stripe is wanted and has no key, only the
 * test provider is offered (production refuses to start then). Money by hand can always be
 * recorded, and credit with the shop always be used.
 */
export function createPaymentProviders(app: App, cards: Cards): Providers {
  const { settings, clock } = app
  const stripe = settings.stripe_secret_key === '' ? undefined : stripeOf(app, cards)
  // Outside production its payments can still be refunded when another provider takes new ones.
  const test =
    settings.environment === 'production' && settings.payment_provider !== 'test'
      ? undefined
      : testProviderOf(app, cards)
  const active = { stripe: stripe ?? test, test, none: undefined }[settings.payment_provider]
  const all = [stripe, test, createManualProvider(clock), createCreditProvider(app)]
  return { active, named: (name) => all.find((provider) => provider?.name === name) }
}

function stripeOf({ settings, clock }: App, { cardOf }: Cards): PaymentProvider {
  const { stripe_return_url, public_url, port } = settings
  const options = {
    secret_key: settings.stripe_secret_key,
    publishable_key: settings.stripe_publishable_key,
    webhook_secret: settings.stripe_webhook_secret,
    host: settings.stripe_api_host,
    return_url: stripe_return_url ?? public_url ?? `http://localhost:${port}`,
    multicapture: settings.stripe_multicapture,
    timeout_ms: settings.stripe_timeout_ms,
  }
  return createStripe(options, { cardOf, clock })
}

const testProviderOf = ({ settings, clock }: App, { cardOf }: Cards): TestProvider =>
  new TestProvider({
    file: testProviderFile(settings.database_url),
    secret: settings.payment_webhook_secret,
    clock,
    cardOf,
  })

/** Beside the database; for PostgreSQL in the folder where secrets are kept too, one a database. */
function testProviderFile(database_url: string): string {
  const address = parseDatabaseUrl(database_url)
  if (address.engine === 'sqlite') {
    return address.path === ':memory:' ? ':memory:' : `${address.path}.test-provider.db`
  }
  const name = createHash('sha256').update(address.url).digest('hex').slice(0, 12)
  return join('.tradepost', `test-provider-${name}.db`)
}
