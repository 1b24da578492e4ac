import type { App } from '#platform/app'
import { paymentProviders } from './provider.ts'

/**
 * Who takes payments, for whoever looks at the server's health. It is not as it should be when
 * Stripe is asked for and has no key: then only the test provider is offered, which moves no money.
 */
export async function paymentHealth(app: App): Promise<{ well: boolean; message: string }> {
  const { payment_provider, stripe_secret_key } = app.settings
  const stripe = stripe_secret_key === '' ? 'Stripe is not configured.' : 'Stripe is configured.'
  const { active } = paymentProviders.of(app)
  if (!active) return { well: true, message: `No provider takes payments. ${stripe}` }
  const taker =
    active.name === 'test'
      ? 'The test provider takes payments, and moves no money.'
      : `The provider ${active.name} takes payments.`
  return { well: active.name === payment_provider, message: `${taker} ${stripe}` }
}
