import { defineErrors } from '#kit/errors'

export const pricingErrors = defineErrors({
  too_large: {
    code: 'PRICED_TOTAL_TOO_LARGE',
    status: 400,
    message: 'This comes to more than any amount this system keeps; buy less at once.',
  },
})
