import type { Kysely } from 'kysely'
import type { Static, TObject } from 'typebox'
import type { Context } from '#platform/context'
import { type ColumnKind, columnKind } from '#platform/database/columns'
import { insertEach } from '#platform/database/each-row'
import type { Prepared } from '#platform/database/prepared'

type Rows<T> = { [K in keyof T]: T[K] extends TObject ? Static<T[K]> : never }

/**
 * Declares the tables a module owns. The result opens them in the caller's transaction; its type
 * knows no other tables, so a module cannot query what it does not own.
 */
export function defineTables<T extends Record<string, TObject>>(tables: T) {
  const open = (ctx: Context) => ctx.session.kysely as unknown as Kysely<Rows<T>>
  return Object.assign(open, {
    tables,
    /** What each column of a table is, for `rowset`. */
    kinds: <K extends keyof T & string>(table: K) => kindsOf(tables[table] as TObject),
  })
}

const kindsOf = (table: TObject): Record<string, ColumnKind> =>
  Object.fromEntries(
    Object.entries(table.properties).map(([name, schema]) => [name, columnKind(schema)]),
  )

type Insert<T extends TObject> = Prepared<{ rows: readonly Partial<Static<T>>[] }, never>

/**
 * An insert of any number of rows, prepared once: `insertRows(db, 'order_lines')` is called or
 * bound with `{ rows }`. Members left out are null; columns in `except` are left to the engine.
 */
export function insertRows<T extends Record<string, TObject>, K extends keyof T & string>(
  db: ((ctx: Context) => Kysely<Rows<T>>) & { tables: T },
  table: K,
  except: readonly string[] = [],
): Insert<T[K]> {
  const kinds = kindsOf(db.tables[table] as TObject)
  for (const column of except) delete kinds[column]
  return insertEach<Partial<Static<T[K]>>, Rows<T>>(db, kinds as never, {
    table,
    values: (row) => row,
  })
}
