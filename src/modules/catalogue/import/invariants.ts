import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { db } from '#platform/imports/tables'

export const importChecks = {
  'every row of an import is applied, wrong, or still to come, and only one of these': async (
    ctx: Context,
  ) => {
    const { rows } = await sql<object>`
      select i.id, i.status, i.rows_read, i.rows_applied, i.rows_invalid, count(r.line) as waiting
      from imports as i left join import_rows as r on r.import_id = i.id and r.is_valid
      where i.status in ('applying', 'done')
      group by i.id, i.status, i.rows_read, i.rows_applied, i.rows_invalid
      having i.rows_applied + i.rows_invalid + count(r.line) <> i.rows_read`.execute(db(ctx))
    return rows
  },

  'an import tells as many errors as are kept of it': async (ctx: Context) => {
    const { rows } = await sql<object>`
      select i.id, i.errors_count, count(e.number) as kept
      from imports as i left join import_errors as e on e.import_id = i.id
      group by i.id, i.errors_count having count(e.number) <> i.errors_count`.execute(db(ctx))
    return rows
  },
}
