import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { ATTRIBUTES_MAX, findAttribute } from '../attributes/known.ts'
import { attributeTold } from '../attributes/queries.ts'
import type { Attribute, CreateAttribute } from '../attributes/schemas.ts'
import type { AttributeType } from '../attributes/tables.ts'
import { catalogueErrors } from '../errors.ts'
import { attributeEvents } from '../events.ts'
import { db } from '../tables.ts'

/** Defines what products can have a value of. Throws `attribute_taken`. */
export async function createAttribute(ctx: Context, input: CreateAttribute): Promise<Attribute> {
  const { code, type } = input
  const choices = readChoices(type, input.choices)
  const count = await db(ctx)
    .selectFrom('attributes')
    .select(({ fn }) => [fn.countAll<number>().as('n'), fn.max('position').as('position')])
    .executeTakeFirstOrThrow()
  if (count.n >= ATTRIBUTES_MAX) throw invalidField('code', `is one more than ${ATTRIBUTES_MAX}`)
  const id = ctx.newId('attribute')
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('attributes')
    .values({
      id,
      number: nextNumber(ctx.session.engine, 'attributes'),
      code,
      label: input.label,
      type,
      unit: input.unit ?? null,
      choices,
      filterable: input.filterable ?? true,
      position: input.position ?? Math.min((count.position ?? -1) + 1, 1_000_000),
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .onConflict((conflict) => conflict.column('code').doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw catalogueErrors.attribute_taken({ code })
  emit(ctx, attributeEvents.created({ attribute_id: id, code }))
  return attributeTold(await findAttribute(ctx, id))
}

/** The choices of an `enum`, each once without regard to case; none for any other type. */
export function readChoices(type: AttributeType, choices: readonly string[] = []): string[] {
  if (type !== 'enum') {
    if (choices.length > 0) throw invalidField('choices', `belong to an enum, not to a ${type}`)
    return []
  }
  if (choices.length === 0) throw invalidField('choices', 'are required for an enum')
  const keys = new Set(choices.map((choice) => choice.toLowerCase()))
  if (keys.size < choices.length) throw invalidField('choices', 'names one twice')
  return [...choices]
}
