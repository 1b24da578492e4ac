import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { findClass } from '../classes.ts'
import { taxErrors } from '../errors.ts'
import { taxClassEvents } from '../events.ts'
import { STANDARD } from '../rates-for.ts'
import type { GetClass } from '../schemas.ts'
import { db } from '../tables.ts'

/**
 * Takes a class out of use; what is of it is taxed as standard. Throws `class_built_in`,
 * `class_in_use` while it has rates.
 */
export async function archiveClass(ctx: Context, input: GetClass): Promise<undefined> {
  const { id, code, version } = await findClass(ctx, input.id)
  requireVersion(ctx, version)
  if (code === STANDARD) throw taxErrors.class_built_in({ tax_class: code })
  const rate = await db(ctx)
    .selectFrom('tax_rates')
    .select('id')
    .where('tax_class', '=', code)
    .where('archived_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (rate) throw taxErrors.class_in_use({ tax_class: code })
  await db(ctx)
    .updateTable('tax_classes')
    .set({ archived_at: ctx.now, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
  emit(ctx, taxClassEvents.archived({ tax_class_id: id, code }))
}
