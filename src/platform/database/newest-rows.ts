import { type RawBuilder, sql } from 'kysely'
import { TOTAL_EXACT_MAX } from '#kit/pages'

/** Of more matches than this only the newest are looked at; one more tells that there are more. */
export const MATCHES_MAX = TOTAL_EXACT_MAX
/**
 * The sizes, as powers of two, of the windows of newest rows that PostgreSQL looks through before
 * it looks through all.
 */
export const WINDOWS = [11, 13, 15, 17]
/** For unfinished words, of which every window costs as much as all. */
export const WIDE_WINDOWS = [13]

/** A number of newest rows, as a power of two; all where it is undefined. */
export type Window = { query: string; bits: number | undefined; name: string }

/** The word of the window of this size that a row is in. */
export const windowWord = (bits: number, nth: number | string): string => `¤w${bits}x${nth}`

/** A query, narrowed to the two windows of this size that end with the newest row. */
const within = (query: string, bits: number): RawBuilder<string> => {
  const word = sql.lit(`'${windowWord(bits, '')}`)
  const nth = (back: number) => sql`${word} || ((n >> ${sql.lit(bits)}) - ${sql.lit(back)}) || ''''`
  return sql`(select ${query} || ' & (' || ${nth(0)} || ' | ' || ${nth(1)} || ')' from top)`
}

/**
 * PostgreSQL's index knows no order and would fetch every match; so it is asked for those in a
 * window of the newest rows first, which is a key like any other, and for the next window only if
 * they are too few.
 */
export function newestRows(table: string, windows: readonly Window[]): RawBuilder<never> {
  const from = sql.table(table)
  const most = sql.lit(MATCHES_MAX + 1)
  const isFull = (name: string) => sql`(select yes from ${sql.id(`${name}_is_full`)})`
  const parts = windows.map(({ query, bits, name }, nth) => {
    const narrowed = bits === undefined ? sql`(select ${query} from top)` : within(query, bits)
    const before = windows.slice(0, nth).map((one) => sql` and not ${isFull(one.name)}`)
    return sql`${sql.id(name)} as materialized (select rowid, document from ${from}
        where document @@ ${narrowed}::tsquery ${sql.join(before, sql``)}
        order by rowid desc limit ${most}),
      ${sql.id(`${name}_is_full`)} as materialized (
        select count(*) = ${most} as yes from ${sql.id(name)})`
  })
  const found = windows.map(({ name, bits }) => {
    const isExact = sql.lit(name.startsWith('exact'))
    const rows = sql`select rowid, document, ${isExact} as is_exact from ${sql.id(name)}`
    return bits === undefined ? rows : sql`${rows} where ${isFull(name)}`
  })
  return sql`(with top as materialized (select coalesce(max(rowid), 0) as n from ${from}),
    ${sql.join(parts)} ${sql.join(found, sql` union all `)} limit ${A_FEW})`
}

/**
 * No limit, but one that PostgreSQL learns only when it runs. It takes every window for full, and
 * would read all products, compiled to machine code, for a thousand of them; so it plans for fewer.
 */
const A_FEW = sql`(select null::bigint)`
