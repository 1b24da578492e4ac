import { defineErrors } from '#kit/errors'

export const valuationErrors = defineErrors({
  other_currency: {
    code: 'COST_IN_OTHER_CURRENCY',
    status: 409,
    message: 'Item {item_id} is valued in {known}; a cost in {currency} cannot be added to that.',
  },
  nothing_to_value: {
    code: 'NOTHING_TO_VALUE',
    status: 409,
    message: 'There is no unit of item {item_id} that could be valued.',
  },
})
