import type { Engine } from '#platform/database/database'
import { type House, openHouse } from '#testing'
import type { StripeEvent } from '../../../../tests/doubles/stripe/books.ts'
import { StripeDouble } from '../../../../tests/doubles/stripe/server.ts'
import { untilMails } from '../../../modules/notifications/tests/catcher.ts'
import { goOn } from './shopping.ts'

export const WEBHOOK = '/api/webhooks/stripe'

/** A house that sells by the shop face and is paid by a Stripe of the test's own. */
export async function openStripeHouse(engine: Engine, settings: object = {}) {
  const stripe = await StripeDouble.open()
  const house = await openHouse(engine, {
    background: true,
    settings: { outbox_poll_interval_ms: 20, ...stripe.settings, ...settings },
  })
  const close = house.close
  return Object.assign(house, {
    stripe,
    /** Hands events of Stripe in, signed as it signs; answers the statuses. */
    async tell(events: readonly StripeEvent[] = stripe.events()): Promise<number[]> {
      const statuses: number[] = []
      for (const event of events) {
        const { body, headers } = stripe.signed(event)
        const sent = { method: 'POST' as const, url: WEBHOOK, headers, payload: body }
        statuses.push((await house.http.inject(sent)).statusCode)
      }
      return statuses
    },
    /** What a server does from time to time, once and now. */
    goOn: () => goOn(house),
    mails: (kind: string, count = 1) => untilMails(house, `kind=${kind}`, count),
    async close() {
      await close.call(house)
      await stripe.close()
    },
  })
}
export type StripeHouse = Awaited<ReturnType<typeof openStripeHouse>>

/** Units that can still be sold. */
export const unitsLeft = async (house: House, sku: string): Promise<number> =>
  Number((await house.ask(`GET /api/v1/inventory/${sku}`)).data.quantities.available)

/** What Stripe has taken, less what it gave back, in minor units. */
export const takenBy = ({ stripe: { books } }: StripeHouse): number =>
  [...books.intents.values()].reduce((sum, { amount_received }) => sum + amount_received, 0) -
  [...books.refunds.values()].reduce((sum, { amount }) => sum + amount, 0)
