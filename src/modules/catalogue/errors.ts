import { defineErrors } from '#kit/errors'

export const catalogueErrors = defineErrors({
  product_not_found: {
    code: 'PRODUCT_NOT_FOUND',
    status: 404,
    message: 'There is no product {product}.',
  },
  variant_not_found: {
    code: 'VARIANT_NOT_FOUND',
    status: 404,
    message: 'There is no variant {variant}.',
  },
  sku_taken: {
    code: 'SKU_TAKEN',
    status: 409,
    message: 'Another product or variant has the SKU {sku}.',
  },
  last_variant: {
    code: 'LAST_VARIANT',
    status: 409,
    message: '{sku} is the only variant of its product; archive the product instead.',
  },
  options_taken: {
    code: 'VARIANT_OPTIONS_TAKEN',
    status: 409,
    message: 'The variant {sku} has just these options already.',
  },
  price_missing: {
    code: 'PRICE_MISSING',
    status: 422,
    message: "{sku} needs a price in {currency}, the product's currency.",
  },
  currency_in_use: {
    code: 'CURRENCY_IN_USE',
    status: 422,
    message:
      'The {what} of {sku} is in {currency}: say it anew, or empty it, with the new currency.',
  },
  item_is_sold: {
    code: 'INVENTORY_ITEM_IS_SOLD',
    status: 409,
    message: 'The variant {sku} sells this item; archive the variant first.',
  },
})
