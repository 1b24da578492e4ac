import { defineErrors } from '#kit/errors'

export const customerErrors = defineErrors({
  not_found: {
    code: 'CUSTOMER_NOT_FOUND',
    status: 404,
    message: 'There is no customer {customer_id}.',
  },
  not_a_customer: {
    code: 'CUSTOMER_NOT_FOUND',
    status: 404,
    message: 'This login belongs to no customer.',
  },
  email_taken: {
    code: 'CUSTOMER_EMAIL_TAKEN',
    status: 400,
    message: 'Email already registered',
  },
  email_is_login: {
    code: 'CUSTOMER_EMAIL_IS_LOGIN',
    status: 409,
    message: 'This e-mail is a login: its user changes it, or someone with `users:update`.',
  },
  address_not_found: {
    code: 'ADDRESS_NOT_FOUND',
    status: 404,
    message: 'There is no address {address_id}.',
  },
  too_many_addresses: {
    code: 'ADDRESSES_TOO_MANY',
    status: 409,
    message: 'A customer has at most {addresses_max} addresses; delete one first.',
  },
})
