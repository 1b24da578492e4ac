import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { taxErrors } from '../errors.ts'
import { taxClassEvents } from '../events.ts'
import { GIFT_CARD } from '../rates-for.ts'
import type { CreateClass, TaxClass } from '../schemas.ts'
import { db } from '../tables.ts'

/** Adds a tax class. Throws `class_taken`, also for a code that was archived. */
export async function createClass(ctx: Context, input: CreateClass): Promise<TaxClass> {
  const { code, name, description = null } = input
  if (code === GIFT_CARD) throw taxErrors.class_taken({ tax_class: code })
  const id = ctx.newId('tax_class')
  const row = { id, code, name, description, version: 1, created_at: ctx.now, updated_at: ctx.now }
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('tax_classes')
    .values({ ...row, archived_at: null })
    .onConflict((conflict) => conflict.column('code').doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw taxErrors.class_taken({ tax_class: code })
  emit(ctx, taxClassEvents.created({ tax_class_id: id, code }))
  return row
}
