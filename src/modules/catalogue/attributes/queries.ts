import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageByPosition } from '#platform/database/list-pages'
import { db } from '../tables.ts'
import { type AttributeRow, findAttribute } from './known.ts'
import type { Attribute, GetAttribute, ListAttributes } from './schemas.ts'

/** The attributes in their order. */
export async function listAttributes(
  ctx: Context,
  query: ListAttributes,
): Promise<Page<Attribute>> {
  const rows = db(ctx).selectFrom('attributes')
  const tell = (found: AttributeRow[]) => found.map(attributeTold)
  return pageByPosition(ctx, query, { rows: rows.selectAll(), tell })
}

/** One attribute. */
export const getAttribute = async (ctx: Context, { id }: GetAttribute): Promise<Attribute> =>
  attributeTold(await findAttribute(ctx, id))

/** An attribute as it is answered. */
export const attributeTold = ({ number: _, ...row }: AttributeRow): Attribute => row
