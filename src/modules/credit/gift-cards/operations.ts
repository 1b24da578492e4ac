import { customerErrors } from '#modules/customers'
import { command, process, query } from '#platform/operations'
import { creditErrors as errors } from '../errors.ts'
import { creditAccountLifecycle } from '../lifecycle.ts'
import { CreditEntries, ListEntries } from '../schemas.ts'
import {
  disableGiftCard,
  enableGiftCard,
  topUpGiftCard,
  updateGiftCard,
} from './change-gift-card.ts'
import { checkBalance } from './check-balance.ts'
import { createGiftCard, createGiftCards } from './issue-gift-cards.ts'
import { getGiftCard, listGiftCardEntries, listGiftCards } from './queries.ts'
import { renewGiftCardCode } from './renew-code.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const isolation = 'read committed' as const
const { gift_card_not_found } = errors
const NO_CUSTOMER = customerErrors.not_found

const reading = [
  query('credit.list_gift_cards', {
    rest: 'GET /api/v1/gift-cards',
    permission: 'gift-cards:read',
    summary: 'List gift cards, newest first',
    description: 'Staff finds a card by the last four letters of its code.',
    input: of.ListGiftCards,
    output: of.GiftCards,
    example: { status: 'active', last_four: 'HW3B', limit: 20 },
    run: listGiftCards,
  }),
  query('credit.get_gift_card', {
    rest: 'GET /api/v1/gift-cards/:id',
    permission: 'gift-cards:read',
    summary: 'Read a gift card',
    input: of.GetGiftCard,
    output: of.GiftCard,
    errors: [gift_card_not_found],
    example: { id },
    run: getGiftCard,
  }),
  query('credit.list_gift_card_entries', {
    rest: 'GET /api/v1/gift-cards/:id/entries',
    permission: 'gift-cards:read',
    summary: 'List what came to a gift card and went from it, newest first',
    input: ListEntries,
    output: CreditEntries,
    errors: [gift_card_not_found],
    example: { id, limit: 20 },
    run: listGiftCardEntries,
  }),
  process('credit.check_gift_card', {
    rest: 'POST /api/v1/gift-cards/balance',
    permission: 'public',
    summary: 'Ask what is left on a gift card, by its code',
    description: 'Who asks for many wrong codes is refused for the rest of an hour.',
    input: of.CheckBalance,
    output: of.GiftCardBalance,
    errors: [errors.code_unknown, errors.too_many_guesses],
    example: { code: '7K2P-QX9D-M4TR-HW3B' },
    run: checkBalance,
  }),
]

const writing = [
  command('credit.create_gift_card', {
    rest: 'POST /api/v1/gift-cards',
    permission: 'gift-cards:write',
    summary: 'Make a gift card',
    description: 'Its code is told in this answer and never again. Send an Idempotency-Key.',
    status: 201,
    secret: true,
    isolation,
    input: of.CreateGiftCard,
    output: of.NewGiftCard,
    errors: [NO_CUSTOMER],
    example: {
      initial_amount: '50.00',
      currency: 'USD',
      expires_at: '2030-12-31T00:00:00Z',
      recipient_name: 'Ada Brook',
      recipient_email: 'ada@example.com',
      message: 'Happy birthday!',
    },
    run: createGiftCard,
  }),
  command('credit.create_gift_cards', {
    rest: 'POST /api/v1/gift-cards/bulk',
    permission: 'gift-cards:write',
    summary: 'Make many gift cards of one amount',
    description: 'Their codes are told in this answer and never again. Send an Idempotency-Key.',
    status: 201,
    secret: true,
    isolation,
    input: of.CreateGiftCards,
    output: of.NewGiftCards,
    example: { count: 20, initial_amount: '25.00', currency: 'USD', note: 'For the fair.' },
    run: createGiftCards,
  }),
  command('credit.update_gift_card', {
    rest: 'PUT /api/v1/gift-cards/:id',
    aliases: ['PATCH /api/v1/gift-cards/:id'],
    permission: 'gift-cards:write',
    summary: 'Change who a gift card is for, its message or its end',
    description:
      'Only what is named changes. A later end, or none (`null`), for a card that has expired ' +
      'puts back what was written off.',
    isolation,
    input: of.UpdateGiftCard,
    output: of.GiftCard,
    errors: [gift_card_not_found, NO_CUSTOMER],
    example: { id, expires_at: '2031-12-31T00:00:00Z', recipient_name: 'Ada Brook' },
    run: updateGiftCard,
  }),
  command('credit.top_up_gift_card', {
    rest: 'POST /api/v1/gift-cards/:id/top-up',
    permission: 'gift-cards:write',
    summary: 'Add to a gift card',
    isolation,
    input: of.TopUpGiftCard,
    output: of.GiftCard,
    errors: [gift_card_not_found, errors.too_much, ...creditAccountLifecycle.refusals('top_up')],
    example: { id, amount: '10.00', reason: 'The parcel came late.' },
    run: topUpGiftCard,
  }),
  command('credit.renew_gift_card_code', {
    rest: 'POST /api/v1/gift-cards/:id/code',
    permission: 'gift-cards:write',
    summary: 'Give a gift card a new code',
    description:
      'For a code that was lost, or that others have seen: the former one pays no more. ' +
      'It is told in this answer and never again. Send an Idempotency-Key.',
    secret: true,
    isolation,
    input: of.GetGiftCard,
    output: of.NewGiftCard,
    errors: [gift_card_not_found],
    example: { id },
    run: renewGiftCardCode,
  }),
  command('credit.disable_gift_card', {
    rest: 'POST /api/v1/gift-cards/:id/disable',
    permission: 'gift-cards:write',
    summary: 'Stop a gift card',
    description: 'It pays no more until it is enabled; what is on it stays.',
    isolation,
    input: of.DisableGiftCard,
    output: of.GiftCard,
    errors: [gift_card_not_found, ...creditAccountLifecycle.refusals('disable')],
    example: { id, reason: 'Stolen.' },
    run: disableGiftCard,
  }),
  command('credit.enable_gift_card', {
    rest: 'POST /api/v1/gift-cards/:id/enable',
    permission: 'gift-cards:write',
    summary: 'Let a gift card that was stopped pay again',
    isolation,
    input: of.GetGiftCard,
    output: of.GiftCard,
    errors: [gift_card_not_found, ...creditAccountLifecycle.refusals('enable')],
    example: { id },
    run: enableGiftCard,
  }),
]

export const giftCardOperations = [...reading, ...writing]
