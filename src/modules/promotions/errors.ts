import { defineErrors } from '#kit/errors'

export const promotionErrors = defineErrors({
  not_found: {
    code: 'PROMOTION_NOT_FOUND',
    status: 404,
    message: 'There is no promotion {promotion_id}.',
  },
  archived: {
    code: 'PROMOTION_ARCHIVED',
    status: 409,
    message: 'Promotion {promotion_id} is archived and does not change any more.',
  },
  code_taken: {
    code: 'PROMOTION_CODE_TAKEN',
    status: 409,
    message: 'The code {coupon} belongs to another promotion.',
  },
  limit_below_usage: {
    code: 'PROMOTION_LIMIT_BELOW_USAGE',
    status: 409,
    message: '{field}: {used} uses are taken already; pause the promotion to stop it.',
  },
  automatic_has_no_codes: {
    code: 'PROMOTION_IS_AUTOMATIC',
    status: 409,
    message: 'Promotion {promotion_id} applies by itself, so it has no codes.',
  },
  too_many_automatic: {
    code: 'PROMOTION_TOO_MANY_AUTOMATIC',
    status: 409,
    message: '{most} automatic promotions are active already; pause or archive one first.',
  },
  too_many_codes: {
    code: 'COUPON_TOO_MANY',
    status: 400,
    message: 'At most {most} codes can be used at once.',
  },
  coupon_used_up: {
    code: 'COUPON_USED_UP',
    status: 409,
    message: '{coupon}: {explanation}.',
  },
  coupon_refused: {
    code: 'COUPON_REFUSED',
    status: 409,
    message: '{coupon}: {explanation}.',
  },
  redemption_given_back: {
    code: 'COUPON_GIVEN_BACK',
    status: 409,
    message: 'Order {order_id} gave {coupon} back and cannot use it again.',
  },
})
