import { defineErrors } from '#kit/errors'

export const bulkErrors = defineErrors({
  not_found: {
    code: 'ORDER_BULK_NOT_FOUND',
    status: 404,
    message: 'There is no bulk operation {bulk_id}.',
  },
  unknown_action: {
    code: 'ORDER_BULK_ACTION_UNKNOWN',
    status: 400,
    message: 'action: there is none called {action}; there are {actions}.',
  },
})
