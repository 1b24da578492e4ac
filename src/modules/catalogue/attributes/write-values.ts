import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { db } from '../tables.ts'
import type { AttributeValuesInput } from './schemas.ts'
import { readValue } from './value.ts'

const insertValues = insertRows(db, 'product_attributes')

/**
 * Gives a product the named values and leaves all others; null takes one away. Does not raise the
 * product's version: see `settleProduct`.
 */
export async function writeValues(
  ctx: Context,
  product_id: Id<'product'>,
  given: AttributeValuesInput,
): Promise<void> {
  const codes = Object.keys(given)
  if (codes.length === 0) return
  const attributes = await db(ctx)
    .selectFrom('attributes')
    .select(['id', 'code', 'type', 'choices'])
    .where('code', 'in', codes)
    .execute()
  const known = new Map(attributes.map((attribute) => [attribute.code, attribute]))
  const rows = []
  for (const [code, value] of Object.entries(given)) {
    const field = `attributes.${code}`
    const attribute = known.get(code)
    if (!attribute) throw invalidField(field, 'is no attribute; define it first')
    if (value === null) continue
    rows.push({ product_id, attribute_id: attribute.id, ...readValue(attribute, value, field) })
  }
  await db(ctx)
    .deleteFrom('product_attributes')
    .where('product_id', '=', product_id)
    .where(
      'attribute_id',
      'in',
      attributes.map(({ id }) => id),
    )
    .execute()
  if (rows.length > 0) await insertValues.run(ctx, { rows })
}
