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
  open_business: {
    code: 'CUSTOMER_HAS_OPEN_BUSINESS',
    status: 409,
    message: 'Not yet: {first_obstacle}.',
  },
  group_not_found: {
    code: 'CUSTOMER_GROUP_NOT_FOUND',
    status: 404,
    message: 'There is no customer group {group}.',
  },
  group_exists: {
    code: 'CUSTOMER_GROUP_EXISTS',
    status: 409,
    message: 'There is a customer group {group} already.',
  },
  wishlist_not_found: {
    code: 'WISHLIST_NOT_FOUND',
    status: 404,
    message: 'There is no such wishlist.',
  },
  wishlist_full: {
    code: 'WISHLIST_FULL',
    status: 409,
    message: 'A wishlist holds {items_max} items at most.',
  },
  too_many_wishlists: {
    code: 'WISHLISTS_TOO_MANY',
    status: 409,
    message: 'A customer has {wishlists_max} wishlists at most; delete one first.',
  },
  unknown_variant: {
    code: 'WISHLIST_VARIANT_UNKNOWN',
    status: 422,
    message: 'There is no variant {variant_id} to wish for.',
  },
  country_not_found: {
    code: 'COUNTRY_NOT_FOUND',
    status: 404,
    message: 'There is no country {code}.',
  },
  too_many_addresses: {
    code: 'ADDRESSES_TOO_MANY',
    status: 409,
    message: 'A customer has at most {addresses_max} addresses; delete one first.',
  },
})
