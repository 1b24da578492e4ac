import assert from 'node:assert/strict'
import type { House } from '#testing'
import { complete, made, newGuest, openShop, ready } from './shopping.ts'

/** Gift cards over 25.00 and 50.00, and the mugs and tea of `openShop`. */
export async function openGiftShop(house: House): Promise<void> {
  await openShop(house)
  const product = await made(house, 'POST /api/v1/products', {
    name: 'Gift card',
    sku: 'GIFT',
    is_gift_card: true,
    gift_card_valid_days: 730,
    options: [{ name: 'Value', choices: ['25', '50'] }],
    variants: [
      { sku: 'GIFT-25', name: '25', price: '25.00', options: { Value: '25' } },
      { sku: 'GIFT-50', name: '50', price: '50.00', options: { Value: '50' } },
    ],
  })
  assert.deepEqual([product.is_gift_card, product.is_digital], [true, true])
  assert.equal(product.tax_class, 'gift_card')
}

/** The gift cards, newest first; or what is on them. */
export const cardsOf = async (house: House, balance = false): Promise<any[]> => {
  const { data } = await house.ask('GET /api/v1/gift-cards?limit=100')
  return data.items.map((card: any) => (balance ? card.balance : card))
}

/** Buys it, and answers the order. */
export async function bought(house: House, lines: Record<string, number>, more: object = {}) {
  const guest = await newGuest(house, lines)
  const checkout = await ready(guest, undefined, more)
  const done = await complete(guest, checkout)
  assert.equal(done.status, 201, JSON.stringify(done.body))
  const { data } = await house.ask(`GET /api/v1/orders/${done.data.order_id}`)
  return { guest, checkout, order: data }
}

/** A checkout of gift cards alone. */
export const ONLY_CARDS = { shipping_address: null, shipping_method: null }

/** Somebody has bought a gift card over 25.00, and a guest is about to pay mugs with it. */
export async function cardAtCheckout(house: House) {
  const { order } = await bought(house, { 'GIFT-25': 1 }, ONLY_CARDS)
  const [card] = await cardsOf(house)
  const { code } = await made(house, `POST /api/v1/gift-cards/${card.id}/code`, {})
  const guest = await newGuest(house, { MUG: 2 })
  const checkout = await ready(guest)
  await guest.ask(`POST /api/v1/checkout/${checkout.id}/gift-cards`, { code })
  return { order, card, spend: () => complete(guest, checkout) }
}
