import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { findAttribute } from '../attributes/known.ts'
import type { GetAttribute } from '../attributes/schemas.ts'
import { catalogueErrors } from '../errors.ts'
import { attributeEvents } from '../events.ts'
import { db } from '../tables.ts'

/** Forgets an attribute of which no product has a value. Throws `attribute_in_use`. */
export async function deleteAttribute(ctx: Context, input: GetAttribute): Promise<undefined> {
  const { id, code, version } = await findAttribute(ctx, input.id)
  requireVersion(ctx, version)
  const { numDeletedRows } = await db(ctx)
    .deleteFrom('attributes')
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('product_attributes').select('product_id').where('attribute_id', '=', id),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw catalogueErrors.attribute_in_use({ attribute: code })
  emit(ctx, attributeEvents.deleted({ attribute_id: id, code }))
}
