import { command, Nothing, query } from '#platform/operations'
import { archiveProduct } from './commands/archive-product.ts'
import { archiveVariant } from './commands/archive-variant.ts'
import { setPricesInBulk } from './commands/bulk-prices.ts'
import { createProduct } from './commands/create-product.ts'
import { createVariant } from './commands/create-variant.ts'
import { setPrice, setPrices } from './commands/set-prices.ts'
import { updateProduct } from './commands/update-product.ts'
import { updateVariant } from './commands/update-variant.ts'
import { catalogueErrors as errors } from './errors.ts'
import { importOperations } from './import/operations.ts'
import * as asked from './inputs.ts'
import { productLifecycle } from './lifecycle.ts'
import { lookupOperations } from './lookup-operations.ts'
import { listPrices } from './price-queries.ts'
import { getProduct, listProducts, searchProducts } from './queries.ts'
import * as of from './schemas.ts'
import { structureOperations } from './structure-operations.ts'
import { getVariant, listVariants } from './variant-queries.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const SEES = 'Costs are told to staff only; what is not on sale exists for staff only.'

const products = [
  query('catalogue.list_products', {
    rest: 'GET /api/v1/products',
    permission: 'public',
    summary: 'List products with variants, prices and availability',
    description:
      'Newest first. Price filters and sorting by price keep to one currency, and to the regular ' +
      `price of the first variant: a sale does not move a product. ${SEES}`,
    consistency: 'statement',
    input: asked.ListProducts,
    output: of.Products,
    example: { limit: 20 },
    run: listProducts,
  }),
  query('catalogue.search_products', {
    rest: 'GET /api/v1/products/search',
    permission: 'public',
    summary: 'Search products by text',
    description:
      'All words must be found in name, SKUs, brand, tags or description; the last word may be ' +
      'unfinished. The best matches come first; of very many matches, the newest are ranked.',
    consistency: 'statement',
    input: asked.ListProducts,
    output: of.Products,
    example: { search: 'blue mug', limit: 20 },
    run: searchProducts,
  }),
  query('catalogue.get_product', {
    rest: 'GET /api/v1/products/:id',
    permission: 'public',
    summary: 'Read a product with its variants',
    description: SEES,
    consistency: 'statement',
    input: asked.ReadProduct,
    output: of.Product,
    errors: [errors.product_not_found],
    example: { id: EXAMPLE_ID },
    run: getProduct,
  }),
  command('catalogue.create_product', {
    rest: 'POST /api/v1/products',
    permission: 'inventory:adjust',
    summary: 'Put a product into the catalogue',
    description:
      'Without `variants` the product gets one of its own SKU and price. Tracked variants get a ' +
      'stock item of their SKU, or take the one that is kept already.',
    status: 201,
    input: asked.CreateProduct,
    output: of.Product,
    errors: [
      errors.sku_taken,
      errors.slug_taken,
      errors.gtin_taken,
      errors.options_taken,
      errors.options_wrong,
      errors.category_not_found,
    ],
    example: {
      name: 'Mug',
      sku: 'MUG',
      description: 'Holds 350 ml.',
      brand: 'North Kiln',
      tags: 'kitchen,ceramic',
      variants: [
        { sku: 'MUG-BLUE', name: 'Blue', price: '12.50', options: { colour: 'blue' } },
        { sku: 'MUG-RED', name: 'Red', price: '12.50', options: { colour: 'red' } },
      ],
    },
    run: createProduct,
  }),
  command('catalogue.update_product', {
    rest: 'PUT /api/v1/products/:id',
    permission: 'inventory:adjust',
    summary: "Change a product's facts, price or status",
    description:
      'Only what is named changes. `price` and `cost_price` are those of its first variant.',
    input: asked.UpdateProduct,
    output: of.Product,
    errors: [
      errors.product_not_found,
      errors.sku_taken,
      errors.price_missing,
      errors.currency_in_use,
      errors.slug_taken,
      errors.options_wrong,
      errors.category_not_found,
      ...productLifecycle.refusals('activate', 'deactivate', 'archive', 'restore'),
    ],
    example: { id: EXAMPLE_ID, name: 'Large mug', is_active: false },
    run: updateProduct,
  }),
  command('catalogue.archive_product', {
    rest: 'DELETE /api/v1/products/:id',
    permission: 'inventory:adjust',
    summary: 'Take a product out of the catalogue',
    description: 'It is archived, not erased: orders that refer to it stay whole.',
    status: 204,
    input: asked.GetProduct,
    output: Nothing,
    errors: [errors.product_not_found],
    example: { id: EXAMPLE_ID },
    run: archiveProduct,
  }),
]

const variants = [
  query('catalogue.list_variants', {
    rest: 'GET /api/v1/products/:id/variants',
    permission: 'public',
    summary: 'List the variants of a product',
    description: SEES,
    consistency: 'statement',
    input: asked.ListVariants,
    output: of.Variants,
    errors: [errors.product_not_found],
    example: { id: EXAMPLE_ID },
    run: listVariants,
  }),
  command('catalogue.create_variant', {
    rest: 'POST /api/v1/products/:id/variants',
    permission: 'inventory:adjust',
    summary: 'Add a variant to a product',
    status: 201,
    input: asked.CreateVariant,
    output: of.Variant,
    errors: [
      errors.product_not_found,
      errors.sku_taken,
      errors.gtin_taken,
      errors.options_taken,
      errors.options_wrong,
    ],
    example: {
      id: EXAMPLE_ID,
      sku: 'MUG-GREEN',
      name: 'Green',
      price: '12.50',
      options: { colour: 'green' },
    },
    run: createVariant,
  }),
  query('catalogue.get_variant', {
    rest: 'GET /api/v1/products/variants/:variant_id',
    permission: 'public',
    summary: 'Read a variant',
    description: SEES,
    consistency: 'statement',
    input: asked.ReadVariant,
    output: of.Variant,
    errors: [errors.variant_not_found],
    example: { variant_id: EXAMPLE_ID },
    run: getVariant,
  }),
  command('catalogue.update_variant', {
    rest: 'PUT /api/v1/products/variants/:variant_id',
    permission: 'inventory:adjust',
    summary: "Change a variant's facts",
    description: 'Only what is named changes. A new SKU is given to its stock item too.',
    input: asked.UpdateVariant,
    output: of.Variant,
    errors: [
      errors.variant_not_found,
      errors.sku_taken,
      errors.gtin_taken,
      errors.options_taken,
      errors.options_wrong,
    ],
    example: { variant_id: EXAMPLE_ID, name: 'Dark green', position: 2 },
    run: updateVariant,
  }),
  command('catalogue.set_price', {
    rest: 'PUT /api/v1/products/variants/:variant_id/price',
    permission: 'inventory:adjust',
    summary: "Set a variant's price in one currency",
    description: "Without `currency`, the product's own.",
    input: asked.SetPrice,
    output: of.PriceUpdated,
    errors: [errors.variant_not_found],
    example: { variant_id: EXAMPLE_ID, price: '13.90' },
    run: setPrice,
  }),
  query('catalogue.list_prices', {
    rest: 'GET /api/v1/products/variants/:variant_id/prices',
    permission: 'inventory:adjust',
    summary: 'Read all prices of a variant, with the sales to come',
    description: 'As they were set; what buyers see of them stands in the variant.',
    consistency: 'statement',
    input: asked.GetVariant,
    output: of.VariantPrices,
    errors: [errors.variant_not_found],
    example: { variant_id: EXAMPLE_ID },
    run: listPrices,
  }),
  command('catalogue.set_prices', {
    rest: 'PUT /api/v1/products/variants/:variant_id/prices',
    permission: 'inventory:adjust',
    summary: 'Set all prices of a variant, with quantity breaks and sales',
    description:
      'One for each currency; currencies that are not named have no price afterwards. Each unit ' +
      'costs the lowest of the price, the breaks that the quantity reaches and the sales that run.',
    input: asked.SetPrices,
    output: of.Variant,
    errors: [errors.variant_not_found, errors.price_missing],
    example: {
      variant_id: EXAMPLE_ID,
      prices: [
        {
          currency: 'USD',
          price: '13.90',
          compare_at_price: '15.00',
          breaks: [{ min_quantity: 10, price: '12.50' }],
          sales: [
            { price: '9.90', starts_at: '2099-11-27T00:00:00Z', ends_at: '2099-11-30T00:00:00Z' },
          ],
        },
        { currency: 'EUR', price: '12.90' },
      ],
    },
    run: setPrices,
  }),
  command('catalogue.set_prices_in_bulk', {
    rest: 'POST /api/v1/products/prices/bulk',
    permission: 'inventory:adjust',
    summary: 'Set prices of many variants, all or none',
    description: 'Up to a thousand; prices in currencies that are not named stay as they are.',
    input: asked.BulkPrices,
    output: of.PricesUpdated,
    errors: [errors.variant_not_found],
    example: { prices: [{ variant_id: EXAMPLE_ID, currency: 'USD', price: '13.90' }] },
    run: setPricesInBulk,
  }),
  command('catalogue.archive_variant', {
    rest: 'DELETE /api/v1/products/variants/:variant_id',
    permission: 'inventory:adjust',
    summary: 'Take a variant out of the catalogue',
    description: 'It is archived, not erased. The last one goes with its product.',
    status: 204,
    input: asked.GetVariant,
    output: Nothing,
    errors: [errors.variant_not_found, errors.last_variant],
    example: { variant_id: EXAMPLE_ID },
    run: archiveVariant,
  }),
]

export const operations = [
  ...importOperations,
  ...products,
  ...variants,
  ...lookupOperations,
  ...structureOperations,
]
