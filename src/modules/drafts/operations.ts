import { customerErrors } from '#modules/customers'
import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { paymentErrors } from '#modules/payments'
import { pricingErrors } from '#modules/pricing'
import { command, process, query } from '#platform/operations'
import { cancelDraft } from './commands/cancel-draft.ts'
import { completeDraft } from './commands/complete-draft.ts'
import { createDraft } from './commands/create-draft.ts'
import { duplicateOrder } from './commands/duplicate-order.ts'
import { payOffer } from './commands/pay-offer.ts'
import { sendDraft } from './commands/send-draft.ts'
import { updateDraft } from './commands/update-draft.ts'
import { draftErrors as errors } from './errors.ts'
import { draftLifecycle } from './lifecycle.ts'
import { getDraft, listDrafts, seeOffer } from './queries.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const TOKEN = 'wQ3kq0m0c1l8yPpJb9h3Xv6rT2sZ5dLe'
const writing = [
  errors.unknown_product,
  pricingErrors.too_large,
  inventoryErrors.insufficient_stock,
]

const byStaff = [
  query('drafts.list', {
    rest: 'GET /api/v1/drafts',
    permission: 'drafts:read',
    summary: 'List drafts of orders, newest first',
    input: of.ListDrafts,
    output: of.Drafts,
    example: { status: 'sent', limit: 20 },
    run: listDrafts,
  }),
  query('drafts.get', {
    rest: 'GET /api/v1/drafts/:id',
    permission: 'drafts:read',
    summary: 'Read a draft with what it comes to',
    description:
      'To the cent what its order would cost now; once it is sent, what was offered, whatever prices do.',
    input: of.GetDraft,
    output: of.Draft,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: getDraft,
  }),
  command('drafts.create', {
    rest: 'POST /api/v1/drafts',
    permission: 'drafts:write',
    summary: 'Draft an order for a customer',
    isolation: 'read committed',
    status: 201,
    input: of.CreateDraft,
    output: of.Draft,
    errors: [...writing, customerErrors.not_found],
    example: {
      customer_id: EXAMPLE_ID,
      lines: [{ product_id: 'MUG-BLUE', quantity: 12, unit_price: '9.90' }],
      discount: { label: 'Regular customer', percent: '5' },
      shipping: { name: 'By courier', price: '15.00' },
      note: 'As agreed on the phone.',
    },
    run: createDraft,
  }),
  command('drafts.update', {
    rest: 'PUT /api/v1/drafts/:id',
    permission: 'drafts:write',
    summary: 'Change a draft',
    description:
      'What is left out stays, null takes it away, lines are replaced as a whole. One that was sent is offered no more until it is sent again.',
    isolation: 'read committed',
    input: of.UpdateDraft,
    output: of.Draft,
    errors: [...writing, errors.not_found, ...draftLifecycle.refusals('reopen')],
    example: { id: EXAMPLE_ID, note: 'As agreed on the phone, with lids.' },
    run: updateDraft,
  }),
  command('drafts.send', {
    rest: 'POST /api/v1/drafts/:id/send',
    permission: 'drafts:write',
    summary: 'Offer a draft to its buyer',
    description:
      'Its amounts are fixed now. Give the token to the buyer, as a link of your shop: it is told this once.',
    isolation: 'read committed',
    secret: true,
    input: of.GetDraft,
    output: of.SentDraft,
    errors: [
      errors.not_found,
      errors.incomplete,
      errors.over,
      pricingErrors.too_large,
      ...draftLifecycle.refusals('send'),
    ],
    example: { id: EXAMPLE_ID },
    run: sendDraft,
  }),
  process('drafts.complete', {
    rest: 'POST /api/v1/drafts/:id/complete',
    permission: 'drafts:write',
    summary: 'Place the order of a draft',
    description:
      'To be paid later, or paid by hand. What was offered stands; of a draft that was not sent, the prices of now.',
    input: of.CompleteDraft,
    output: of.PlacedDraft,
    errors: [
      errors.not_found,
      errors.incomplete,
      errors.over,
      errors.total_changed,
      orderErrors.total_too_large,
      pricingErrors.too_large,
      inventoryErrors.insufficient_stock,
      paymentErrors.order_closed,
      ...draftLifecycle.refusals('complete'),
    ],
    example: { id: EXAMPLE_ID, payment: 'pending' },
    run: completeDraft,
  }),
  command('drafts.cancel', {
    rest: 'POST /api/v1/drafts/:id/cancel',
    permission: 'drafts:write',
    summary: 'Withdraw a draft',
    isolation: 'read committed',
    input: of.GetDraft,
    output: of.Draft,
    errors: [errors.not_found, ...draftLifecycle.refusals('cancel')],
    example: { id: EXAMPLE_ID },
    run: cancelDraft,
  }),
  command('drafts.duplicate_order', {
    rest: 'POST /api/v1/orders/:id/duplicate',
    permission: 'drafts:write',
    summary: 'Draft an order like another one, at the prices of now',
    isolation: 'read committed',
    status: 201,
    input: of.DuplicateOrder,
    output: of.Draft,
    errors: [...writing, orderErrors.not_found, errors.incomplete, customerErrors.not_found],
    example: { id: EXAMPLE_ID },
    run: duplicateOrder,
  }),
]

const byBuyer = [
  query('drafts.see_offer', {
    rest: 'POST /api/v1/draft-offers/view',
    permission: 'public',
    summary: 'Read what a link offers',
    description: 'The token stands in the body, so that it is not written down with addresses.',
    input: of.SeeOffer,
    output: of.OfferOf,
    errors: [errors.no_such_link, errors.over],
    example: { token: TOKEN },
    run: seeOffer,
  }),
  process('drafts.pay_offer', {
    rest: 'POST /api/v1/draft-offers/pay',
    permission: 'public',
    summary: 'Pay what a link offers',
    description:
      'The order is placed once, as it was offered; after a decline it can be paid again by other means.',
    input: of.PayOffer,
    output: of.PlacedDraft,
    errors: [
      errors.no_such_link,
      errors.over,
      errors.payment_declined,
      inventoryErrors.insufficient_stock,
      orderErrors.total_too_large,
      paymentErrors.order_closed,
    ],
    example: { token: TOKEN, payment_method: 'credit_card', payment_token: 'tok_visa' },
    run: payOffer,
  }),
]

export const operations = [...byStaff, ...byBuyer]
