import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { type AttributeRow, findAttribute } from '../attributes/known.ts'
import { attributeTold } from '../attributes/queries.ts'
import type { Attribute, UpdateAttribute } from '../attributes/schemas.ts'
import { catalogueErrors } from '../errors.ts'
import { attributeEvents } from '../events.ts'
import { db } from '../tables.ts'
import { readChoices } from './create-attribute.ts'

/** Changes the named facts of an attribute; its code and type stay. Throws `choice_in_use`. */
export async function updateAttribute(ctx: Context, input: UpdateAttribute): Promise<Attribute> {
  const attribute = await findAttribute(ctx, input.id)
  requireVersion(ctx, attribute.version)
  const { id, code } = attribute
  const choices =
    input.choices === undefined ? attribute.choices : readChoices(attribute.type, input.choices)
  await requireUnused(ctx, attribute, choices)
  await db(ctx)
    .updateTable('attributes')
    .set((eb) => ({
      label: input.label ?? attribute.label,
      unit: input.unit === undefined ? attribute.unit : input.unit,
      choices,
      filterable: input.filterable ?? attribute.filterable,
      position: input.position ?? attribute.position,
      version: eb('version', '+', 1),
      updated_at: ctx.now,
    }))
    .where('id', '=', id)
    .execute()
  emit(ctx, attributeEvents.updated({ attribute_id: id, code }))
  return attributeTold(await findAttribute(ctx, id))
}

/** A choice that products have made can neither go nor be spelt otherwise. */
async function requireUnused(
  ctx: Context,
  { id, code, choices }: AttributeRow,
  kept: readonly string[],
): Promise<void> {
  const gone = choices.filter((choice) => !kept.includes(choice))
  if (gone.length === 0) return
  const used = await db(ctx)
    .selectFrom('product_attributes')
    .select('value')
    .where('attribute_id', '=', id)
    .where(
      'value_key',
      'in',
      gone.map((choice) => choice.toLowerCase()),
    )
    .limit(1)
    .executeTakeFirst()
  if (used) throw catalogueErrors.choice_in_use({ choice: used.value, attribute: code })
}
