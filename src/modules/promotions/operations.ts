import { command, query } from '#platform/operations'
import { checkCode } from './check-code.ts'
import { activatePromotion } from './commands/activate-promotion.ts'
import { archivePromotion } from './commands/archive-promotion.ts'
import { createCodes } from './commands/create-codes.ts'
import { createPromotion } from './commands/create-promotion.ts'
import { pausePromotion } from './commands/pause-promotion.ts'
import { updatePromotion } from './commands/update-promotion.ts'
import { promotionErrors as errors } from './errors.ts'
import { promotionLifecycle } from './lifecycle.ts'
import { getPromotion, listPromotions } from './queries.ts'
import * as of from './schemas.ts'
import { listCodes, listRedemptions } from './usage-queries.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

const promotions = [
  query('promotions.list', {
    rest: 'GET /api/v1/promotions',
    aliases: ['GET /api/v1/coupons'],
    permission: 'promotions:read',
    summary: 'List promotions',
    description: 'Newest first, archived ones too unless a status is asked for.',
    input: of.ListPromotions,
    output: of.Promotions,
    example: { status: 'active', limit: 20 },
    run: listPromotions,
  }),
  query('promotions.get', {
    rest: 'GET /api/v1/promotions/:id',
    permission: 'promotions:read',
    summary: 'Read a promotion with its usage',
    input: of.GetPromotion,
    output: of.PromotionWithUsage,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: getPromotion,
  }),
  command('promotions.create', {
    rest: 'POST /api/v1/promotions',
    aliases: ['POST /api/v1/coupons'],
    permission: 'promotions:write',
    summary: 'Draw up a promotion',
    description:
      'Without a code it applies by itself, unless `automatic` is false: then it waits for codes ' +
      'to be drawn. One that names currencies (amounts, minimums) is for these only.',
    status: 201,
    isolation: 'read committed',
    input: of.CreatePromotion,
    output: of.Promotion,
    errors: [errors.code_taken, errors.too_many_automatic],
    example: {
      name: 'Spring sale',
      label: '10 % off in spring',
      code: 'SPRING10',
      kind: 'percent',
      percent: '10',
      minimum_subtotals: [{ currency: 'USD', amount: '50.00' }],
      ends_at: '2030-06-01T00:00:00Z',
      usage_limit: 1000,
      usage_limit_per_customer: 1,
      status: 'active',
    },
    run: createPromotion,
  }),
  command('promotions.update', {
    rest: 'PUT /api/v1/promotions/:id',
    aliases: ['PATCH /api/v1/promotions/:id'],
    permission: 'promotions:write',
    summary: 'Change the terms of a promotion',
    description:
      'Only what is named changes, each list as a whole. The kind stays. Orders that used it keep ' +
      'what they got, so a limit cannot fall below what is used: pause it instead.',
    isolation: 'read committed',
    input: of.UpdatePromotion,
    output: of.Promotion,
    errors: [
      errors.not_found,
      errors.archived,
      errors.code_taken,
      errors.automatic_has_no_codes,
      errors.limit_below_usage,
    ],
    example: { id: EXAMPLE_ID, usage_limit: 2000, priority: 5 },
    run: updatePromotion,
  }),
  command('promotions.activate', {
    rest: 'POST /api/v1/promotions/:id/activate',
    permission: 'promotions:write',
    summary: 'Offer a promotion, or offer it again',
    isolation: 'read committed',
    input: of.GetPromotion,
    output: of.Promotion,
    errors: [
      errors.not_found,
      errors.too_many_automatic,
      ...promotionLifecycle.refusals('activate'),
    ],
    example: { id: EXAMPLE_ID },
    run: activatePromotion,
  }),
  command('promotions.pause', {
    rest: 'POST /api/v1/promotions/:id/pause',
    permission: 'promotions:write',
    summary: 'Stop a promotion for a while',
    description: 'Nobody redeems it from then on; what was redeemed stays redeemed.',
    isolation: 'read committed',
    input: of.GetPromotion,
    output: of.Promotion,
    errors: [errors.not_found, ...promotionLifecycle.refusals('pause')],
    example: { id: EXAMPLE_ID },
    run: pausePromotion,
  }),
  command('promotions.archive', {
    rest: 'POST /api/v1/promotions/:id/archive',
    permission: 'promotions:write',
    summary: 'End a promotion for good',
    description: 'Its codes are free for other promotions afterwards.',
    isolation: 'read committed',
    input: of.GetPromotion,
    output: of.Promotion,
    errors: [errors.not_found, ...promotionLifecycle.refusals('archive')],
    example: { id: EXAMPLE_ID },
    run: archivePromotion,
  }),
]

const codes = [
  query('promotions.list_redemptions', {
    rest: 'GET /api/v1/promotions/:id/redemptions',
    permission: 'promotions:read',
    summary: 'List who used a promotion',
    description: 'Newest first; what was given back is listed with its instant.',
    input: of.ListRedemptions,
    output: of.Redemptions,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, given_back: false },
    run: listRedemptions,
  }),
  query('promotions.list_codes', {
    rest: 'GET /api/v1/promotions/:id/codes',
    permission: 'promotions:read',
    summary: 'List the codes of a promotion with their uses',
    input: of.ListCodes,
    output: of.PromotionCodes,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: listCodes,
  }),
  command('promotions.create_codes', {
    rest: 'POST /api/v1/promotions/:id/codes',
    permission: 'promotions:write',
    summary: 'Draw codes for a promotion that nobody can guess',
    description: 'Each is good for one use, unless `usage_limit` says otherwise.',
    status: 201,
    isolation: 'read committed',
    input: of.CreateCodes,
    output: of.NewCodes,
    errors: [errors.not_found, errors.archived, errors.automatic_has_no_codes],
    example: { id: EXAMPLE_ID, count: 10, prefix: 'SPRING-' },
    run: createCodes,
  }),
  query('promotions.check', {
    rest: 'POST /api/v1/promotions/check',
    permission: 'public',
    summary: 'Ask whether a code can be used now',
    description:
      'Whatever is in the cart: which items it is for, and its minimum, are seen in the cart. A ' +
      'code that cannot be used is answered with its reason, not refused.',
    input: of.CheckCode,
    output: of.CheckedCode,
    example: { code: 'spring10', currency: 'USD' },
    run: checkCode,
  }),
]

export const operations = [...promotions, ...codes]
