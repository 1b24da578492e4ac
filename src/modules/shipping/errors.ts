import { defineErrors } from '#kit/errors'

export const shippingErrors = defineErrors({
  zone_not_found: {
    code: 'SHIPPING_ZONE_NOT_FOUND',
    status: 404,
    message: 'There is no shipping zone {zone_id}.',
  },
  zone_unknown: {
    code: 'SHIPPING_ZONE_UNKNOWN',
    status: 400,
    message: 'zone_id: there is no shipping zone {zone_id}.',
  },
  zone_name_taken: {
    code: 'SHIPPING_ZONE_NAME_TAKEN',
    status: 409,
    message: 'Another shipping zone is called {name}.',
  },
  zone_in_use: {
    code: 'SHIPPING_ZONE_IN_USE',
    status: 409,
    message: 'Shipping methods go to zone {name}; archive them first.',
  },
  method_not_found: {
    code: 'SHIPPING_METHOD_NOT_FOUND',
    status: 404,
    message: 'There is no shipping method {method}.',
  },
  method_taken: {
    code: 'SHIPPING_METHOD_TAKEN',
    status: 409,
    message: 'There is a method {code} in {currency} for this zone already.',
  },
  too_many_methods: {
    code: 'SHIPPING_METHODS_TOO_MANY',
    status: 409,
    message: 'There are {limit} shipping methods already, as many as there may be.',
  },
  bands_overlap: {
    code: 'SHIPPING_RATES_OVERLAP',
    status: 422,
    message: 'rates.{first} and rates.{second} fit the same carts: which one would count?',
  },
})
