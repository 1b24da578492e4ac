import assert from 'node:assert/strict'
import type { TestProvider } from '#adapters/test-provider/test-provider'
import { endDueCheckouts, sweepHosted } from '#modules/checkout'
import { type Hosted, type HostedRequest, paymentProviders, sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import type { House } from '#testing'
import type { Buyer } from './shopping.ts'

/** The payment provider of a house, whose payers do what a test says. */
export const providerOf = ({ app }: House) => paymentProviders.of(app).active as TestProvider

/** A house that believes the webhooks of its provider. */
export const SIGNED = { settings: { payment_webhook_secret: 'a secret of the tests' } }

/** From now on no webhook arrives: only the provider knows. */
export const loseWebhooks = (house: House) => providerOf(house).connect(async () => 200)

/** What the payer does at the provider, who tells it by webhook. */
export const payer = (house: House, { ref }: { ref: string }) => ({
  pays: (more: { twice?: boolean } = {}) => providerOf(house).completeHosted(ref, 'paid', more),
  fails: () => providerOf(house).completeHosted(ref, 'failed'),
  staysAway: () => providerOf(house).completeHosted(ref, 'expired'),
})

/** What a server does from time to time, once and now. */
export async function goOn({ app }: House): Promise<void> {
  await sweepHosted(systemProcess(app))
  await sweepPayments(systemProcess(app))
  await endDueCheckouts(systemProcess(app))
}

export const askForPage = ({ ask, cart_id }: Buyer, more: object = {}, headers = {}) =>
  ask(
    'POST /api/v1/checkout/pages',
    { cart_id, kind: 'page', success_url: 'https://shop.example/thanks', ...more },
    headers,
  )

/** A page for the cart of a buyer. */
export async function openPage(buyer: Buyer, more: object = {}) {
  const { status, body, data } = await askForPage(buyer, more)
  assert.equal(status, 201, JSON.stringify(body))
  return data
}

/** How a page stands, as its buyer is told. */
export const pageOf = async ({ ask }: Buyer, { ref }: { ref: string }) =>
  (await ask(`GET /api/v1/checkout/pages/${ref}`)).data

/** The same provider, whose next `open` goes as a test says: it is given the real one. */
export function nextOpen(
  house: House,
  goes: (open: () => Promise<Hosted>) => Promise<Hosted>,
): void {
  const { hosted } = providerOf(house)
  const { open } = hosted
  Object.assign(hosted, {
    open: (request: HostedRequest) => {
      Object.assign(hosted, { open })
      return goes(() => open(request))
    },
  })
}

/** Payments of an order that kept money, in minor units. */
export const keptOf = (order: { payments: Kept[] }) =>
  order.payments
    .map(({ captured_amount, refunded_amount }) => cents(captured_amount) - cents(refunded_amount))
    .filter((kept) => kept !== 0)

type Kept = { captured_amount: string; refunded_amount: string }
const cents = (amount: string) => Math.round(Number(amount) * 100)
