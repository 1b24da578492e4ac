import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant } from '#kit/schemas'
import { defineTables } from '#platform/tables'

const Factor = Type.Integer({ minimum: 1 })

export const db = defineTables({
  /**
   * Other units an item is handled in. One of them is `numerator / denominator` of the item's own
   * unit: a box of twelve is 12 / 1, a gram of an item counted in kilograms 1 / 1000.
   */
  item_units: Type.Object({
    item_id: IdSchema('item'),
    code: Type.String(),
    /** The code without regard to case: what is unique. */
    code_key: Type.String(),
    numerator: Factor,
    denominator: Factor,
    created_at: Instant,
    updated_at: Instant,
  }),
})
