import { defineErrors } from '#kit/errors'

export const ucpErrors = defineErrors({
  order_not_found: {
    code: 'UCP_ORDER_NOT_FOUND',
    status: 404,
    message: 'There is no order {order_id} that you brought.',
  },
})
