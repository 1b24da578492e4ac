import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { productLifecycle } from './lifecycle.ts'

const ofProduct = Type.Object({ product_id: IdSchema('product'), sku: Type.String() })
const ofVariant = Type.Object({ variant_id: IdSchema('variant'), ...ofProduct.properties })

export const productEvents = defineEvents('product', {
  created: {
    description: 'A product came into the catalogue.',
    entity: 'product_id',
    payload: Type.Object({ ...ofProduct.properties, status: productLifecycle.schema }),
  },
  updated: {
    description: 'Facts of a product changed.',
    entity: 'product_id',
    payload: ofProduct,
  },
  status_changed: {
    description: 'A product went on sale, out of sale or back into the catalogue.',
    entity: 'product_id',
    payload: Type.Object({
      ...ofProduct.properties,
      old_status: productLifecycle.schema,
      new_status: productLifecycle.schema,
    }),
  },
  archived: {
    description: 'A product left the catalogue; what refers to it still finds it.',
    entity: 'product_id',
    payload: ofProduct,
  },
})

export const variantEvents = defineEvents('variant', {
  created: { description: 'A product got a variant.', entity: 'variant_id', payload: ofVariant },
  updated: {
    description: "A variant's facts changed.",
    entity: 'variant_id',
    payload: ofVariant,
  },
  archived: {
    description: 'A variant left the catalogue; what refers to it still finds it.',
    entity: 'variant_id',
    payload: ofVariant,
  },
  price_changed: {
    description:
      'A variant has another price in a currency. Amounts are minor units; null is none.',
    entity: 'variant_id',
    payload: Type.Object({
      ...ofVariant.properties,
      currency: Currency,
      old_amount: Nullable(Amount),
      new_amount: Nullable(Amount),
    }),
  },
})
