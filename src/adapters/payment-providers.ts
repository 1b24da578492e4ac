import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createManualProvider, type PaymentProvider, type Providers } from '#modules/payments'
import type { App } from '#platform/app'
import { parseDatabaseUrl } from '#platform/config/database-url'
import { createCreditProvider } from './credit-provider.ts'
import { TestProvider } from './test-provider/test-provider.ts'

/**
 * The payment providers that the settings ask for; money by hand can always be recorded, and credit
 * with the shop always be used.
 */
export function createPaymentProviders(app: App): Providers {
  const { settings, clock } = app
  const inHouse = [createManualProvider(clock), createCreditProvider(app)]
  const active: PaymentProvider | undefined =
    settings.payment_provider === 'test'
      ? new TestProvider({
          file: testProviderFile(settings.database_url),
          secret: settings.payment_webhook_secret,
          clock,
        })
      : undefined
  return {
    active,
    named: (name) => [active, ...inHouse].find((provider) => provider?.name === name),
  }
}

/** Beside the database; for PostgreSQL in the folder where secrets are kept too, one a database. */
function testProviderFile(database_url: string): string {
  const address = parseDatabaseUrl(database_url)
  if (address.engine === 'sqlite') {
    return address.path === ':memory:' ? ':memory:' : `${address.path}.test-provider.db`
  }
  const name = createHash('sha256').update(address.url).digest('hex').slice(0, 12)
  return join('.tradepost', `test-provider-${name}.db`)
}
