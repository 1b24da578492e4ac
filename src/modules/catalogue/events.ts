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
  offers_changed: {
    description: 'Quantity breaks or sales of a variant in a currency are others now.',
    entity: 'variant_id',
    payload: Type.Object({ ...ofVariant.properties, currency: Currency }),
  },
})

const ofCategory = Type.Object({ category_id: IdSchema('category'), slug: Type.String() })

export const categoryEvents = defineEvents('category', {
  created: { description: 'The tree got a category.', entity: 'category_id', payload: ofCategory },
  updated: {
    description: 'Facts of a category changed.',
    entity: 'category_id',
    payload: ofCategory,
  },
  moved: {
    description: 'A category, with all below it, stands elsewhere; null is the top.',
    entity: 'category_id',
    payload: Type.Object({ ...ofCategory.properties, parent_id: Nullable(IdSchema('category')) }),
  },
  archived: {
    description: 'A category left the tree; its products stayed.',
    entity: 'category_id',
    payload: ofCategory,
  },
})

const ofAttribute = Type.Object({ attribute_id: IdSchema('attribute'), code: Type.String() })

export const attributeEvents = defineEvents('attribute', {
  created: {
    description: 'Products can have a value of a new attribute.',
    entity: 'attribute_id',
    payload: ofAttribute,
  },
  updated: {
    description: 'Facts of an attribute changed.',
    entity: 'attribute_id',
    payload: ofAttribute,
  },
  deleted: {
    description: 'An attribute of which no product had a value is gone.',
    entity: 'attribute_id',
    payload: ofAttribute,
  },
})
