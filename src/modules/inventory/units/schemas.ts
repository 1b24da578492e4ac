import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Text } from '#kit/schemas'
import { ItemRef, QUANTITY_MAX } from '../schemas.ts'

export const UNITS_MAX = 50

/** An amount in any unit: whole, or a decimal as text so that no digit is lost. */
export const UnitAmount = Type.Union([
  Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }),
  Type.String({ pattern: '^\\d{1,10}(\\.\\d{1,6})?$', maxLength: 17, examples: ['2.5'] }),
])
export const UnitCode = Text(20, { description: 'A unit of the item, its own if left out.' })

const Factor = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })
export const ItemUnit = Type.Object({
  item_id: IdSchema('item'),
  code: Type.String(),
  numerator: Factor,
  denominator: Factor,
  created_at: Instant,
  updated_at: Instant,
})
export type ItemUnit = Static<typeof ItemUnit>
export const ItemUnits = PageOf(ItemUnit)

const Code = Text(20, { description: 'Unique for the item without regard to case.' })
export const ListUnits = Type.Object({ ...pageQuery, id: ItemRef })
export type ListUnits = Static<typeof ListUnits>
export const GetUnit = Type.Object({ id: ItemRef, code: Code })
export type GetUnit = Static<typeof GetUnit>
export const PutUnit = Type.Object({
  id: ItemRef,
  code: Code,
  numerator: Factor,
  denominator: Type.Optional(Factor),
})
export type PutUnit = Static<typeof PutUnit>
