import { customerEvents } from '#modules/customers'
import { together } from '#platform/reactions'
import { forgetCustomer } from './personal-data.ts'

export const reactions = [
  together(customerEvents.deleted, 'carts.forget_customer', (ctx, { customer_id }) =>
    forgetCustomer(ctx, customer_id),
  ),
]
