import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'

export const categoryTables = {
  categories: Type.Object({
    id: IdSchema('category'),
    /** What the search index calls it: stays when it is moved or renamed. */
    number: Type.Integer(),
    name: Type.String(),
    slug: Type.String(),
    description: Nullable(Type.String()),
    image_url: Nullable(Type.String()),
    /** The category that it stands in; null at the top. */
    parent_id: Nullable(IdSchema('category')),
    position: Type.Integer(),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** Where staff put a product. */
  product_categories: Type.Object({
    category_id: IdSchema('category'),
    product_id: IdSchema('product'),
  }),
  /**
   * Where a product is shown: in its live categories and all those above. Derived: written by
   * `members.ts` only, in the statement's transaction that changes the tree or the product.
   */
  category_products: Type.Object({
    category_id: IdSchema('category'),
    product_id: IdSchema('product'),
  }),
}
