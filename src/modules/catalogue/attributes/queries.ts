import { afterId, type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { db } from '../tables.ts'
import { type AttributeRow, findAttribute } from './known.ts'
import type { Attribute, GetAttribute, ListAttributes } from './schemas.ts'

/** The attributes in their order. */
export async function listAttributes(
  ctx: Context,
  query: ListAttributes,
): Promise<Page<Attribute>> {
  const start = pageStart(query, 'position')
  const rows = db(ctx).selectFrom('attributes')
  let page = rows
    .selectAll()
    .orderBy('position')
    .orderBy('id')
    .limit(start.limit + 1)
  const after = afterId<'attribute'>(start)
  if (after === undefined) page = page.offset(start.offset)
  else {
    const position = Number(start.after?.[0])
    if (!Number.isSafeInteger(position)) throw pageErrors.bad_cursor()
    page = page.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('position', 'id'), '>', tuple(position, after)),
    )
  }
  return pageOf({
    start,
    sort: 'position',
    rows: await page.execute(),
    key: ({ position, id }) => [position, id],
    item: attributeTold,
    total: await countUpTo(ctx, rows),
  })
}

/** One attribute. */
export const getAttribute = async (ctx: Context, { id }: GetAttribute): Promise<Attribute> =>
  attributeTold(await findAttribute(ctx, id))

/** An attribute as it is answered. */
export const attributeTold = ({ number: _, ...row }: AttributeRow): Attribute => row
