import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { findClass, getClass } from '../classes.ts'
import { taxClassEvents } from '../events.ts'
import type { TaxClass, UpdateClass } from '../schemas.ts'
import { db } from '../tables.ts'

/** Changes a class's name or description; its code stays. */
export async function updateClass(ctx: Context, input: UpdateClass): Promise<TaxClass> {
  const { id, code, version, ...known } = await findClass(ctx, input.id)
  requireVersion(ctx, version)
  const { name = known.name, description = known.description } = input
  await db(ctx)
    .updateTable('tax_classes')
    .set({ name, description, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
  emit(ctx, taxClassEvents.updated({ tax_class_id: id, code }))
  return getClass(ctx, { id })
}
