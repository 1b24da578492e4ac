import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { type Bound, type Prepared, prepared, rawQuery } from '#platform/database/prepared'

type Versioned = { id: string; version: number }

type Spec<R> = {
  table: string
  /** All that can change, the version among it. */
  columns: readonly (keyof R & string)[]
  /** What must hold besides. */
  where?: RawBuilder<unknown>
}

/** The write that turns a row as it was read into what it shall be; for `writeTogether`. */
type Update<R> = (ctx: Context, known: R, row: R) => Bound<never>

/** Sets of columns with a statement of their own; what is rarer writes all columns. */
const SETS_MAX = 30

/**
 * A guarded update of one row: it touches none whose version is not the known one any more. SQLite
 * is told only what differs, since it writes each index of a column that stands in SET and looks up
 * its foreign key, be the value the same. PostgreSQL sees that by itself, and keeps one text. JSON
 * differs if it is another object.
 */
export function updateChanged<R extends Versioned, DB>(
  open: (ctx: Context) => Kysely<DB>,
  { table, columns, where = sql`true` }: Spec<R>,
): Update<R> {
  const setting = (names: readonly (keyof R & string)[]) =>
    prepared(open, (db, p: R & { known_version: number }) => {
      const changes = sql.join(names.map((name) => sql`${sql.id(name)} = ${p[name]}`))
      return rawQuery(
        db,
        sql<never>`update ${sql.table(table)} set ${changes}
          where id = ${p.id} and version = ${p.known_version} and ${where}`,
      )
    })
  const all = setting(columns)
  // Where nothing differs the guard is asked all the same.
  const some = new Map<string, Prepared<R & { known_version: number }, never>>([['', all]])
  const settingChanged = (known: R, row: R) => {
    const names = columns.filter((name) => row[name] !== known[name])
    const key = names.join()
    const kept = some.get(key)
    if (kept || some.size > SETS_MAX) return kept ?? all
    const fresh = setting(names)
    some.set(key, fresh)
    return fresh
  }
  return (ctx, known, row) => {
    const update = ctx.session.engine === 'sqlite' ? settingChanged(known, row) : all
    return update.bind(ctx, { ...row, known_version: known.version })
  }
}
