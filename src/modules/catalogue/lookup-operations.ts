import { command, query } from '#platform/operations'
import { generateVariants } from './commands/generate-variants.ts'
import { catalogueErrors as errors } from './errors.ts'
import * as asked from './inputs.ts'
import { getProductBySku, getProductBySlug } from './queries.ts'
import * as of from './schemas.ts'
import { getVariantByGtin } from './variant-queries.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const lookupOperations = [
  query('catalogue.get_product_by_sku', {
    rest: 'GET /api/v1/products/by-sku/:sku',
    permission: 'public',
    summary: 'Read the product of a SKU, its own or that of one of its variants',
    consistency: 'statement',
    input: asked.ProductBySku,
    output: of.Product,
    errors: [errors.product_not_found],
    example: { sku: 'MUG-BLUE' },
    run: getProductBySku,
  }),
  query('catalogue.get_product_by_slug', {
    rest: 'GET /api/v1/products/by-slug/:slug',
    permission: 'public',
    summary: "Read the product of a page's address",
    description:
      'A slug that the product had before leads to it too; its `slug` is the one of today, to ' +
      'which a shop should redirect.',
    consistency: 'statement',
    input: asked.ProductBySlug,
    output: of.Product,
    errors: [errors.product_not_found],
    example: { slug: 'blue-mug' },
    run: getProductBySlug,
  }),
  query('catalogue.get_variant_by_gtin', {
    rest: 'GET /api/v1/products/variants/by-gtin/:gtin',
    permission: 'public',
    summary: 'Read the variant with a barcode',
    description: 'The number under the bars (EAN, UPC), with or without leading zeros.',
    consistency: 'statement',
    input: asked.VariantByGtin,
    output: of.Variant,
    errors: [errors.variant_not_found],
    example: { gtin: '4006381333931' },
    run: getVariantByGtin,
  }),
  command('catalogue.generate_variants', {
    rest: 'POST /api/v1/products/:id/variants/generate',
    permission: 'inventory:adjust',
    summary: 'Add a variant for each combination of options that has none',
    description:
      'A hundred at most at once; `missing` tells how many are left. Without a price they cost ' +
      'what the first variant costs.',
    status: 201,
    input: asked.GenerateVariants,
    output: of.Generated,
    errors: [errors.product_not_found, errors.no_options, errors.sku_taken],
    example: { id: EXAMPLE_ID, sku_pattern: '{sku}-{colour}-{size}', price: '12.50' },
    run: generateVariants,
  }),
]
