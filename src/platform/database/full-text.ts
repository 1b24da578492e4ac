import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import type { Columns } from '#platform/database/columns'
import type { Engine } from '#platform/database/database'
import {
  MATCHES_MAX,
  newestRows,
  WIDE_WINDOWS,
  WINDOWS,
  windowWord,
} from '#platform/database/newest-rows'
import { type Prepared, prepared, rawQuery } from '#platform/database/prepared'
import { listOf, rowset } from '#platform/database/rowset'
import {
  type AnyKey,
  keysQuery,
  keyWord,
  type TextQuery,
  textQuery,
  type Weight,
  wordsOf,
} from '#platform/database/text-query'

export { MATCHES_MAX } from '#platform/database/newest-rows'
export {
  type AnyKey,
  TEXT_QUERY_PARTS,
  type TextQuery,
  type Weight,
  wordsOf,
} from '#platform/database/text-query'

/**
 * What is indexed of one row: its number, the text of each field, and keys (such as `brand=acme`)
 * that a search can be narrowed to: they are found whole or not at all.
 */
export type TextDocument<F extends string> = { number: number; keys: readonly string[] } & Record<
  F,
  string
>
/**
 * Matching rows, for `from`: the best have the lowest `rank`, and of those the newest come first.
 */
export type Match = { number: number; rank: number }
/** At the end of a text nobody looks for words, and PostgreSQL cannot count further. */
const POSITIONS_MAX = 16_000
/** What no row has, for SQLite. */
const NOTHING = '"¤"'

/**
 * A full-text index over rows that have a `number`, kept in a table of this name. `fields` are its
 * texts with their weights.
 */
export const defineFullText = <const F extends Record<string, Weight>>(table: string, fields: F) =>
  new FullText<keyof F & string>(table, fields)

const open = (ctx: Context) => ctx.session.kysely as unknown as Kysely<any>

type Stored = { number: number; words: string }

/**
 * SQLite's FTS5, PostgreSQL's tsvector with GIN. Not a table of the module: it is written and asked
 * through this only, in the transaction of the rows that it tells of.
 */
class FullText<F extends string> {
  readonly #table: string
  readonly #fields: readonly [F, Weight][]
  readonly #columns: readonly string[]
  readonly #delete: Prepared<{ numbers: readonly number[] }, never>
  readonly #insert: Prepared<{ rows: readonly object[] }, never>
  readonly #stored: Prepared<{ numbers: readonly number[] }, Stored>

  constructor(table: string, fields: Record<F, Weight>) {
    this.#table = table
    this.#fields = Object.entries(fields) as [F, Weight][]
    this.#columns = [...this.#fields.map(([name]) => name), 'keys']
    this.#delete = prepared(open, (db, p, engine) => {
      const numbers = listOf(engine, p.numbers, 'bigint')
      return rawQuery(db, sql<never>`delete from ${sql.table(table)} where rowid in ${numbers}`)
    })
    this.#insert = prepared(open, (db, p, engine) => rawQuery(db, this.#insertInto(engine, p.rows)))
    this.#stored = prepared(open, (db, p, engine) => {
      const numbers = listOf(engine, p.numbers, 'bigint')
      const words = engine === 'postgres' ? sql`document::text` : sql.join(this.#names(), BETWEEN)
      const from = sql`${sql.table(table)} where rowid in ${numbers}`
      return rawQuery(db, sql<Stored>`select rowid as number, ${words} as words from ${from}`)
    })
  }

  /**
   * Makes the index; for the migration of the module that owns it. What is `personal` is really
   * gone when it is removed: FTS5 would otherwise keep words of deleted rows until it merges.
   */
  async create(db: Kysely<any>, c: Columns, { personal = false } = {}): Promise<void> {
    const table = sql.table(this.#table)
    if (c.engine === 'postgres') {
      const columns = sql`(rowid bigint primary key, document tsvector not null)`
      await sql`create table ${table} ${columns}`.execute(db)
      const gin = sql`using gin (document) with (fastupdate = off)`
      await sql`create index ${sql.id(`${this.#table}_words`)} on ${table} ${gin}`.execute(db)
      return
    }
    // The words come bare, so the plainest tokenizer reads them back exactly.
    const options = sql`tokenize = 'ascii', prefix = '1 2 3'`
    const fts5 = sql`fts5 (${sql.join(this.#names())}, ${options})`
    await sql`create virtual table ${table} using ${fts5}`.execute(db)
    if (!personal) return
    const itself = sql`${table} (${table}, rank)`
    await sql`insert into ${itself} values ('secure-delete', 1)`.execute(db)
  }

  /** Indexes these documents, in place of what was known under their numbers. */
  async put(ctx: Context, documents: readonly TextDocument<F>[]): Promise<void> {
    if (documents.length === 0) return
    await this.#delete.run(ctx, { numbers: documents.map(({ number }) => number) })
    await this.#insert.run(ctx, { rows: this.#rowsOf(ctx.session.engine, documents) })
  }

  /** Indexes documents that it does not hold yet; for migrations. */
  async fill(db: Kysely<any>, engine: Engine, documents: readonly TextDocument<F>[]) {
    if (documents.length === 0) return
    await this.#insertInto(engine, this.#rowsOf(engine, documents)).execute(db)
  }

  /** Takes the index away, to be made anew; for migrations. */
  drop = (db: Kysely<any>) => sql`drop table ${sql.table(this.#table)}`.execute(db)

  /** Forgets these rows. */
  remove = (ctx: Context, numbers: readonly number[]) => this.#delete.run(ctx, { numbers })

  /** The engine's queries for what a person typed; see `textQuery`. */
  query = (engine: Engine, text: string, keys: readonly AnyKey[] = []): TextQuery | undefined =>
    textQuery(engine, text, { fields: this.#fields, keys })

  /** The engine's query for rows that have of each of these keys one. */
  keysQuery = keysQuery

  /**
   * The newest `MATCHES_MAX` rows that match a query (one more than that, which tells that there
   * are more), ranked by where the words stand, as a table expression. Where so many have the last
   * word whole, those that only begin with it are left out. A word that every row has must not cost
   * more than one that a thousand have, and both engines rank alike; so neither counts words as its
   * own ranking would.
   */
  matches(engine: Engine, query: TextQuery): RawBuilder<Match> {
    const found = this.#found(engine, query)
    const ranked = (isIn: (within: string) => RawBuilder<unknown>) => sql`case
      when ${isIn(query.exactHigh)} then 0
      when not is_exact and ${isIn(query.anyHigh)} then 1
      when is_exact and ${isIn(query.exactMiddle)} then 2
      when not is_exact and ${isIn(query.anyMiddle)} then 2 else 3 end as rank`
    if (engine === 'postgres') {
      return sql`(select rowid as number, ${ranked((within) => sql`document @@ ${within}::tsquery`)}
        from ${found} as found)`
    }
    const from = sql.table(this.#table)
    return sql`(with found as materialized (select rowid as number, is_exact from ${found}),
        oldest as materialized (select min(number) as n from found)
      select number, ${ranked(
        (within) => sql`number in (select rowid from ${from}
          where ${from} match ${within} and rowid >= (select n from oldest))`,
      )} from found)`
  }

  /** The same rows without rank, as a table expression. */
  newest = (engine: Engine, query: Pick<TextQuery, 'any' | 'exact'>): RawBuilder<Match> =>
    sql`(select rowid as number from ${this.#found(engine, query)} as newest)`

  /** The newest rows that have what a `keysQuery` asks for, as a table expression. */
  newestWith(engine: Engine, query: string): RawBuilder<Match> {
    if (engine === 'sqlite')
      return sql`(select rowid as number from ${this.#first(query)} as newest)`
    const windows = [
      ...WINDOWS.map((bits) => ({ query, bits, name: `newest${bits}` })),
      { query, bits: undefined, name: 'everywhere' },
    ]
    return sql`(select rowid as number from ${newestRows(this.#table, windows)} as newest)`
  }

  /** The rows of `newest`, each with whether all of them have the last word whole. */
  #found(engine: Engine, { any, exact }: Pick<TextQuery, 'any' | 'exact'>): RawBuilder<never> {
    if (engine === 'postgres') {
      return newestRows(this.#table, [
        ...WINDOWS.map((bits) => ({ query: exact, bits, name: `exact${bits}` })),
        ...WIDE_WINDOWS.map((bits) => ({ query: any, bits, name: `any${bits}` })),
        { query: any, bits: undefined, name: 'everywhere' },
      ])
    }
    const isFull = sql`(select count(*) from exactly) = ${sql.lit(MATCHES_MAX + 1)}`
    // The guard stands in the query itself: one beside it would be asked of every match anew.
    const rest = sql`(select case when ${isFull} then ${sql.lit(NOTHING)} else ${any} end)`
    return sql`(with exactly as materialized (select rowid from ${this.#first(exact)} as whole)
      select rowid, true as is_exact from exactly where ${isFull}
      union all select rowid, false from ${this.#first(rest)} as begun)`
  }

  /** SQLite's index reads from the newest on, and stops. */
  #first(query: string | RawBuilder<unknown>): RawBuilder<never> {
    const from = sql.table(this.#table)
    return sql`(select rowid from ${from} where ${from} match ${query}
      order by rowid desc limit ${sql.lit(MATCHES_MAX + 1)})`
  }

  /** How many rows are indexed. */
  async count(ctx: Context): Promise<number> {
    const counted = sql<{ n: number }>`select count(*) as n from ${sql.table(this.#table)}`
    return (await counted.execute(open(ctx))).rows[0]?.n ?? 0
  }

  /** The numbers of those documents that the index does not hold exactly so; for invariants. */
  async disagreements(ctx: Context, documents: readonly TextDocument<F>[]): Promise<number[]> {
    const numbers = documents.map(({ number }) => number)
    const stored = new Map((await this.#stored(ctx, { numbers })).map((s) => [s.number, s.words]))
    const expected =
      ctx.session.engine === 'postgres'
        ? await asPrinted(ctx, { rows: documents.map(this.#asVector) })
        : documents.map((d) => ({
            number: d.number,
            words: Object.values(this.#folded(d)).join('|'),
          }))
    return expected.filter((e) => stored.get(e.number) !== e.words).map(({ number }) => number)
  }

  #rowsOf = (engine: Engine, documents: readonly TextDocument<F>[]): readonly object[] =>
    engine === 'postgres'
      ? documents.map(this.#asVector)
      : documents.map((d) => ({ number: d.number, ...this.#folded(d) }))

  #names = () => this.#columns.map((name) => sql.id(name))

  #insertInto(engine: Engine, rows: readonly object[]): RawBuilder<never> {
    const table = sql.table(this.#table)
    if (engine === 'postgres') {
      const vectors = rowset<Stored>(engine, rows as never, { number: 'bigint', words: 'text' })
      const select = sql`select number, words::tsvector from ${vectors} as r`
      return sql`insert into ${table} (rowid, document) ${select}`
    }
    const kinds = { number: 'bigint', ...Object.fromEntries(this.#columns.map((c) => [c, 'text'])) }
    const columns = sql.join(this.#names())
    const select = sql`select number, ${columns} from ${rowset(engine, rows, kinds as never)}`
    return sql`insert into ${table} (rowid, ${columns}) ${select} where true`
  }

  /** The words of each column: what FTS5 is given. */
  #folded(document: TextDocument<F>): Record<string, string> {
    const texts = this.#fields.map(([name]) => [name, wordsOf(document[name]).join(' ')])
    return { ...Object.fromEntries(texts), keys: document.keys.map(keyWord).join(' ') }
  }

  #asVector = (document: TextDocument<F>): Stored => ({
    number: document.number,
    words: this.#vector(document),
  })

  /** The words with their places and weights, as the text of a tsvector. */
  #vector(document: TextDocument<F>): string {
    let position = 0
    const windows = WINDOWS.map((bits) => windowWord(bits, Math.floor(document.number / 2 ** bits)))
    const lexemes = [...document.keys.map(keyWord), ...windows].map((word) => `'${word}'`)
    for (const [name, weight] of this.#fields) {
      for (const word of wordsOf(document[name])) {
        position = Math.min(position + 1, POSITIONS_MAX)
        lexemes.push(`'${word}':${position}${weight}`)
      }
    }
    return lexemes.join(' ')
  }
}

const BETWEEN = sql` || '|' || `

/** The vectors as PostgreSQL prints them: each word once, in its order. */
const asPrinted = prepared(open, (db, p: { rows: readonly Stored[] }, engine) => {
  const rows = rowset<Stored>(engine, p.rows, { number: 'bigint', words: 'text' })
  const printed = sql<Stored>`select number, words::tsvector::text as words from ${rows} as r`
  return rawQuery(db, printed)
})
