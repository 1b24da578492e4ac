import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createManualProvider, type PaymentProvider, type Providers } from '#modules/payments'
import { parseDatabaseUrl } from '#platform/config/database-url'
import type { Settings } from '#platform/config/settings'
import { TestProvider } from './test-provider/test-provider.ts'

/** The payment providers that the settings ask for; money by hand can always be recorded. */
export function createPaymentProviders(settings: Settings, clock: () => Date): Providers {
  const manual = createManualProvider(clock)
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
    named: (name) => [active, manual].find((provider) => provider?.name === name),
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
