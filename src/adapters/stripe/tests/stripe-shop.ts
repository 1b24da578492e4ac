import type { Engine } from '#platform/database/database'
import type { StripeEvent } from '../../../../tests/doubles/stripe/books.ts'
import { StripeDouble } from '../../../../tests/doubles/stripe/server.ts'
import { openShop, type Shop } from '../../../modules/payments/tests/paying.ts'

export const HOOK = '/api/webhooks/stripe'

/** A house with orders to pay that takes its payments by a Stripe of the test's own. */
export async function openStripeShop(engine: Engine, settings: object = {}) {
  let shop: Shop | undefined
  const stripe = await StripeDouble.open({ clock: () => shop?.clock() ?? new Date() })
  shop = await openShop(engine, new Date(), { ...stripe.settings, ...settings })
  const house = shop
  const close = house.close
  return Object.assign(shop, {
    stripe,
    /** Hands an event of Stripe in, signed as it signs. */
    tell(event: StripeEvent, url = HOOK) {
      const { body, headers } = stripe.signed(event)
      return house.http.inject({ method: 'POST', url, headers, payload: body })
    },
    /** Hands in every event that happened so far, in order. */
    async tellAll(events = stripe.events()) {
      for (const event of events) await this.tell(event)
    },
    async close() {
      await close.call(house)
      await stripe.close()
    },
  })
}

export type StripeShop = Awaited<ReturnType<typeof openStripeShop>>
