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
  slug_taken: {
    code: 'SLUG_TAKEN',
    status: 409,
    message: 'The slug {slug} leads to something else already.',
  },
  gtin_taken: {
    code: 'GTIN_TAKEN',
    status: 409,
    message: 'The variant {sku} has the GTIN {gtin} already.',
  },
  options_wrong: {
    code: 'VARIANT_OPTIONS_WRONG',
    status: 422,
    message: '{sku} must make one of the listed choices for each option of its product: {options}.',
  },
  no_options: {
    code: 'PRODUCT_HAS_NO_OPTIONS',
    status: 409,
    message: 'The product {sku} has no options to combine.',
  },
  category_not_found: {
    code: 'CATEGORY_NOT_FOUND',
    status: 404,
    message: 'There is no category {category}.',
  },
  category_cycle: {
    code: 'CATEGORY_CYCLE',
    status: 409,
    message: 'The category {category} cannot stand below itself.',
  },
  category_has_children: {
    code: 'CATEGORY_HAS_CHILDREN',
    status: 409,
    message: 'The category {category} has categories below it; move or archive them first.',
  },
  attribute_not_found: {
    code: 'ATTRIBUTE_NOT_FOUND',
    status: 404,
    message: 'There is no attribute {attribute}.',
  },
  attribute_taken: {
    code: 'ATTRIBUTE_TAKEN',
    status: 409,
    message: 'There is an attribute {code} already.',
  },
  attribute_in_use: {
    code: 'ATTRIBUTE_IN_USE',
    status: 409,
    message: 'Products have a value of the attribute {attribute}; take it from them first.',
  },
  choice_in_use: {
    code: 'ATTRIBUTE_CHOICE_IN_USE',
    status: 409,
    message: 'Products have the choice {choice} of the attribute {attribute}.',
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
