import type { ChargeRequest } from '#modules/payments'
import type { Card, OpenCard } from '#modules/vault'
import { isVaultToken } from '#modules/vault'
import type { Stripe } from './client.ts'
import { isMissing } from './errors.ts'

/** Where the card behind a token of the house's own vault is found. */
export type CardOf = (open: OpenCard) => Promise<Card | undefined>

/** What an intent is told of the means; `preview`: only a preview of the API knows it. */
export type Means = {
  params: Pick<
    Stripe.PaymentIntentCreateParams,
    'payment_method' | 'payment_method_data' | 'customer'
  >
  preview: boolean
}
export type NoMeans = { code: string; message: string }

/**
 * How a payment method is named to Stripe: `pm_…` (with its customer, if it is saved), `spt_…` (a
 * Shared Payment Token that an agent was granted), `tok_…`, or a card out of the vault (`vt_…`).
 */
export async function meansOf(
  { payment_method_id: id, key }: ChargeRequest,
  { client, cardOf }: { client: Stripe; cardOf: CardOf },
): Promise<Means | NoMeans> {
  if (id === null) {
    return {
      code: 'payment_method_missing',
      message: 'payment_method_id must name a payment method of Stripe.',
    }
  }
  if (isVaultToken(id)) return cardMeans(await cardOf({ token: id, charge_key: key }))
  if (id.startsWith('spt_')) {
    const data = { shared_payment_granted_token: id }
    return { params: { payment_method_data: data as never }, preview: true }
  }
  if (id.startsWith('tok_')) {
    const card = { token: id }
    return { params: { payment_method_data: { type: 'card', card } as never }, preview: false }
  }
  const customer = await ownerOf(client, id)
  return { params: { payment_method: id, ...(customer && { customer }) }, preview: false }
}

/** A saved method can be used only together with the customer that it is saved for. */
async function ownerOf(client: Stripe, id: string): Promise<string | undefined> {
  try {
    const { customer } = await client.paymentMethods.retrieve(id)
    return typeof customer === 'string' ? customer : customer?.id
  } catch (error) {
    // The intent will say so in better words.
    if (isMissing(error)) return undefined
    throw error
  }
}

function cardMeans(card: Card | undefined): Means | NoMeans {
  if (!card) return { code: 'token_expired', message: 'The card behind the token is gone.' }
  if (card.card_number_type === 'network_token') {
    return { code: 'network_token', message: 'Network tokens cannot be charged at Stripe.' }
  }
  const { number, exp_month, exp_year, cvc, name, billing_address: place } = card
  const address = place && {
    line1: place.line_one,
    ...(place.line_two && { line2: place.line_two }),
    city: place.city,
    state: place.state,
    postal_code: place.postal_code,
    country: place.country,
  }
  const details = { ...(name && { name }), ...(address && { address }) }
  const data = {
    type: 'card',
    card: { number, exp_month, exp_year, ...(cvc && { cvc }) },
    ...(Object.keys(details).length > 0 && { billing_details: details }),
  }
  return { params: { payment_method_data: data as never }, preview: false }
}
