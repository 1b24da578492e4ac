import { cartErrors } from '#modules/carts'
import { creditErrors } from '#modules/credit'
import { inventoryErrors } from '#modules/inventory'
import { pricingErrors } from '#modules/pricing'
import { command, process } from '#platform/operations'
import { checkoutErrors as errors } from '../errors.ts'
import * as of from '../schemas.ts'
import {
  applyGiftCard,
  applyStoreCredit,
  removeGiftCard,
  removeStoreCredit,
} from './apply-credit.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const session_id = 'kD3vXw0qTgS8mZr5yHbN1cLe'
const open = { permission: 'public', isolation: 'read committed' } as const
const changing = [
  errors.not_found,
  errors.expired,
  errors.complete,
  cartErrors.not_open,
  pricingErrors.too_large,
  errors.cart_empty,
  errors.items_unavailable,
  inventoryErrors.insufficient_stock,
]
const applying = [...changing, errors.too_many_credits, creditErrors.insufficient]
const removing = [...changing, errors.credit_not_applied, errors.credit_taken]

export const creditOperations = [
  process('checkout.apply_gift_card', {
    rest: 'POST /api/v1/checkout/:id/gift-cards',
    permission: 'public',
    summary: 'Pay with a gift card, whole or in part',
    description:
      'Several cards, and store credit, pay one after another; `credits` tells what each pays and `amount_due` what remains. ' +
      'Nothing is taken before `complete`. Who says many wrong codes is refused for the rest of an hour.',
    input: of.ApplyGiftCard,
    output: of.Checkout,
    errors: [
      ...applying,
      creditErrors.code_unknown,
      creditErrors.too_many_guesses,
      creditErrors.disabled,
      creditErrors.expired,
      creditErrors.currency_differs,
    ],
    example: { id, session_id, code: '7K2P-QX9D-M4TR-HW3B' },
    run: applyGiftCard,
  }),
  command('checkout.remove_gift_card', {
    ...open,
    rest: 'DELETE /api/v1/checkout/:id/gift-cards/:gift_card_id',
    summary: 'Do not pay with a gift card after all',
    input: of.RemoveGiftCard,
    output: of.Checkout,
    errors: removing,
    example: { id, session_id, gift_card_id: id },
    run: removeGiftCard,
  }),
  command('checkout.apply_store_credit', {
    ...open,
    rest: 'PUT /api/v1/checkout/:id/store-credit',
    summary: "Pay with the customer's store credit, whole or in part",
    description: 'For the signed-in customer whose cart it is. Nothing is taken before `complete`.',
    input: of.GetCheckout,
    output: of.Checkout,
    errors: [...applying, errors.credit_needs_customer, creditErrors.none],
    example: { id },
    run: applyStoreCredit,
  }),
  command('checkout.remove_store_credit', {
    ...open,
    rest: 'DELETE /api/v1/checkout/:id/store-credit',
    summary: 'Do not pay with store credit after all',
    input: of.GetCheckout,
    output: of.Checkout,
    errors: removing,
    example: { id },
    run: removeStoreCredit,
  }),
]
