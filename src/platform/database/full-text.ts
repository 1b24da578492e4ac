import { type Kysely, type RawBuilder, sql } from 'kysely'
import { TOTAL_EXACT_MAX } from '#kit/pages'
import type { Context } from '#platform/context'
import type { Columns } from '#platform/database/columns'
import type { Engine } from '#platform/database/database'
import { type Prepared, prepared, rawQuery } from '#platform/database/prepared'
import { listOf, rowset } from '#platform/database/rowset'

/** How much a hit in a field counts: an A ten times a D. */
export type Weight = 'A' | 'B' | 'C' | 'D'
/**
 * What is indexed of one row: its number, the text of each field, and keys (such as `brand=acme`)
 * that a search can be narrowed to: they are found whole or not at all.
 */
export type TextDocument<F extends string> = { number: number; keys: readonly string[] } & Record<
  F,
  string
>
/** Matching rows, for `from`: the best have the lowest `rank`. */
export type Match = { number: number; rank: number }

const WORDS_MAX = 16
/** At the end of a text nobody looks for words, and PostgreSQL cannot count further. */
const POSITIONS_MAX = 16_000
const BM25: Record<Weight, number> = { A: 10, B: 4, C: 2, D: 1 }

/**
 * The words of a text as both engines see them: without accents, case and signs. Done here, because
 * each engine has rules of its own for hyphens, numbers and accents; they are given bare words.
 */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{1,64}/gu) ?? []

/** A key as a word that no text can hold: words are letters and digits only. */
const keyWord = (key: string): string => `¤${Buffer.from(key).toString('hex')}`

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

  /** Makes the index; for the migration of the module that owns it. */
  async create(db: Kysely<any>, c: Columns): Promise<void> {
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
  }

  /** Indexes these documents, in place of what was known under their numbers. */
  async put(ctx: Context, documents: readonly TextDocument<F>[]): Promise<void> {
    if (documents.length === 0) return
    await this.#delete.run(ctx, { numbers: documents.map(({ number }) => number) })
    const rows =
      ctx.session.engine === 'postgres'
        ? documents.map(this.#asVector)
        : documents.map((d) => ({ number: d.number, ...this.#folded(d) }))
    await this.#insert.run(ctx, { rows })
  }

  /** Forgets these rows. */
  remove = (ctx: Context, numbers: readonly number[]) => this.#delete.run(ctx, { numbers })

  /**
   * The engine's query for what a person typed: all its words, the last one perhaps unfinished, and
   * all these keys. Undefined if there is no word in it. Safe for any text: only bare words get
   * through.
   */
  query(engine: Engine, text: string, keys: readonly string[] = []): string | undefined {
    const words = wordsOf(text).slice(0, WORDS_MAX)
    const last = words.pop()
    if (last === undefined) return undefined
    const whole = [...new Set([...keys.map(keyWord), ...words])]
    if (engine === 'postgres') {
      return [...whole.map((word) => `'${word}'`), `'${last}':*`].join(' & ')
    }
    return [...whole.map((word) => `"${word}"`), `"${last}"*`].join(' AND ')
  }

  /**
   * The rows that match a `query`, ranked, as a table expression. Of more than `TOTAL_EXACT_MAX`
   * matches only the newest are ranked (one more than that, which tells that there are more): a
   * word that everything has must not cost more than one that a thousand have.
   */
  matches(engine: Engine, query: string): RawBuilder<Match> {
    const most = sql.lit(TOTAL_EXACT_MAX + 1)
    const from = sql.table(this.#table)
    if (engine === 'postgres') {
      // Ranked outside, or every match would be ranked before the newest are taken.
      const newest = sql`select rowid, document from ${from}
        where document @@ ${query}::tsquery order by rowid desc limit ${most}`
      return sql`(select rowid as number, -ts_rank(document, ${query}::tsquery) as rank
        from (${newest}) as newest)`
    }
    const weights = sql.join([
      ...this.#fields.map(([, weight]) => sql.lit(BM25[weight])),
      sql.lit(0),
    ])
    return sql`(select rowid as number, bm25(${from}, ${weights}) as rank from ${from}
      where ${from} match ${query} order by rowid desc limit ${most})`
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
    const lexemes = document.keys.map((key) => `'${keyWord(key)}'`)
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
