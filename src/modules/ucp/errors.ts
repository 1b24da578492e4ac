import { defineErrors } from '#kit/errors'

export const ucpErrors = defineErrors({
  order_not_found: {
    code: 'UCP_ORDER_NOT_FOUND',
    status: 404,
    message: 'There is no order {order_id} that you brought.',
  },
  invalid_grant: {
    code: 'UCP_LINK_INVALID_GRANT',
    status: 400,
    message: 'The code or token is not yours, was used, or is over.',
  },
  link_not_found: {
    code: 'UCP_LINK_NOT_FOUND',
    status: 404,
    message: 'You have no link {id}.',
  },
})
