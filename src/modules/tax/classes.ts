import type { Static } from 'typebox'
import { type Id, isUuid } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { taxErrors } from './errors.ts'
import type { GetClass, ListClasses, TaxClass } from './schemas.ts'
import { db } from './tables.ts'

type Row = Static<(typeof db.tables)['tax_classes']>

/** The live class that an id or a code names. Throws `class_not_found`. */
export async function findClass(ctx: Context, ref: string): Promise<Row> {
  const all = db(ctx).selectFrom('tax_classes').selectAll().where('archived_at', 'is', null)
  const one = isUuid(ref)
    ? all.where('id', '=', ref as Id<'tax_class'>)
    : all.where('code', '=', ref)
  const found = await one.executeTakeFirst()
  if (!found) throw taxErrors.class_not_found({ tax_class: ref })
  return found
}

/** Refuses a code that names no live class. Throws `class_unknown`, which names the field. */
export async function requireTaxClass(
  ctx: Context,
  code: string,
  field = 'tax_class',
): Promise<void> {
  const found = await db(ctx)
    .selectFrom('tax_classes')
    .select('id')
    .where('code', '=', code)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw taxErrors.class_unknown({ field, tax_class: code })
}

/** One tax class. */
export const getClass = async (ctx: Context, { id }: GetClass): Promise<TaxClass> =>
  classOf(await findClass(ctx, id))

/** The tax classes that can be given, the built-in one first. */
export async function listClasses(ctx: Context, query: ListClasses): Promise<Page<TaxClass>> {
  const all = db(ctx).selectFrom('tax_classes').where('archived_at', 'is', null)
  return pageById(ctx, query, {
    name: 'tax classes',
    rows: all.selectAll(),
    order: 'oldest first',
    tell: (rows) => rows.map(classOf),
  })
}

const classOf = ({ archived_at: _, ...row }: Row): TaxClass => row
