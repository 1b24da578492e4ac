/** An insert of one row that answers nothing, and the query that answers instead. */
export type ReadBack = { insert: string; query: string }

const WORD = String.raw`(?:"\w+"|\w+)`
const INSERT_RETURNING = new RegExp(
  String.raw`^\s*(insert into (${WORD})\s*\([^()]*\) values (\(.*\))(?: on conflict(?: \([^()]*\))? do nothing)?) returning (${WORD}(?:, ${WORD})*)\s*$`,
  'is',
)
const LITERAL = /'(?:[^']|'')*'/g

/**
 * How SQLite is told an insert of one row that is to answer columns of it: to insert it, and to
 * read it by its rowid. For `returning` it writes the row into a table made for that, which costs
 * half as much as the insert of an order. Nothing for any other text.
 */
export function readBackOf(sql: string): ReadBack | undefined {
  const [, insert, table, values, columns] = INSERT_RETURNING.exec(sql) ?? []
  if (!insert || !values || !isOneRow(values)) return undefined
  return { insert, query: `select ${columns} from ${table} where rowid = ?` }
}

/** Whether the brackets that open first close last: `(?, (select 1))`, not `(?), (?)`. */
function isOneRow(values: string): boolean {
  const bare = values.replace(LITERAL, '')
  let depth = 0
  for (let at = 0; at < bare.length; at++) {
    if (bare[at] === '(') depth++
    if (bare[at] === ')') depth--
    if (depth === 0) return at === bare.length - 1
  }
  return false
}
