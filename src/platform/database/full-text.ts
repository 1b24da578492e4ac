import { type Kysely, type RawBuilder, sql } from 'kysely'
import { TOTAL_EXACT_MAX } from '#kit/pages'
import type { Context } from '#platform/context'
import type { Columns } from '#platform/database/columns'
import type { Engine } from '#platform/database/database'
import { prepared, rawQuery } from '#platform/database/prepared'
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
 * A full-text index over rows that have a `number`: SQLite's FTS5, PostgreSQL's tsvector with GIN.
 * Not a table of the module: it is written and asked through this value only, in the transaction
 * of the rows that it tells of.
 */
export function defineFullText<const F extends Record<string, Weight>>(table: string, fields: F) {
  type Field = keyof F & string
  type Document = TextDocument<Field>
  type Stored = { number: number; words: string }
  const names = Object.keys(fields) as Field[]
  const columns = [...names, 'keys']
  const wordColumns = sql.join(columns.map((name) => sql.id(name)))

  const remove = prepared(open, (db, p: { numbers: readonly number[] }, engine) => {
    const numbers = listOf(engine, p.numbers, 'bigint')
    return rawQuery(db, sql<never>`delete from ${sql.table(table)} where rowid in ${numbers}`)
  })
  const insertWords = prepared(open, (db, p: { rows: readonly object[] }, engine) => {
    const kinds = { number: 'bigint', ...Object.fromEntries(columns.map((name) => [name, 'text'])) }
    const rows = rowset(engine, p.rows, kinds as never)
    const into = sql`${sql.table(table)} (rowid, ${wordColumns})`
    return rawQuery(
      db,
      sql<never>`insert into ${into} select number, ${wordColumns} from ${rows} where true`,
    )
  })
  const insertVectors = prepared(open, (db, p: { rows: readonly Stored[] }, engine) => {
    const rows = rowset<Stored>(engine, p.rows, { number: 'bigint', words: 'text' })
    const select = sql`select number, words::tsvector from ${rows} as r`
    return rawQuery(db, sql<never>`insert into ${sql.table(table)} (rowid, document) ${select}`)
  })
  const wordsAsStored = prepared(open, (db, p: { numbers: readonly number[] }, engine) => {
    const numbers = listOf(engine, p.numbers, 'bigint')
    const parts = columns.map((name) => sql.id(name))
    const words = engine === 'postgres' ? sql`document::text` : sql.join(parts, sql` || '|' || `)
    return rawQuery(
      db,
      sql<Stored>`select rowid as number, ${words} as words from ${sql.table(table)} where rowid in ${numbers}`,
    )
  })
  const vectorsAsWritten = prepared(open, (db, p: { rows: readonly Stored[] }, engine) => {
    const rows = rowset<Stored>(engine, p.rows, { number: 'bigint', words: 'text' })
    return rawQuery(
      db,
      sql<Stored>`select number, words::tsvector::text as words from ${rows} as r`,
    )
  })

  const folded = (document: Document): Record<string, string> => ({
    ...Object.fromEntries(names.map((name) => [name, wordsOf(document[name]).join(' ')])),
    keys: document.keys.map(keyWord).join(' '),
  })

  const vector = (document: Document): string => {
    let position = 0
    const lexemes = document.keys.map((key) => `'${keyWord(key)}'`)
    for (const name of names) {
      for (const word of wordsOf(document[name])) {
        position = Math.min(position + 1, POSITIONS_MAX)
        lexemes.push(`'${word}':${position}${fields[name]}`)
      }
    }
    return lexemes.join(' ')
  }

  /** What the index should hold for these documents, in the form in which it is read back. */
  async function expected(ctx: Context, documents: readonly Document[]): Promise<Stored[]> {
    if (ctx.session.engine === 'postgres') {
      const rows = documents.map((d) => ({ number: d.number, words: vector(d) }))
      return vectorsAsWritten(ctx, { rows })
    }
    return documents.map((d) => ({ number: d.number, words: Object.values(folded(d)).join('|') }))
  }

  return {
    /** Makes the index; for the migration of the module that owns it. */
    async create(db: Kysely<any>, c: Columns): Promise<void> {
      if (c.engine === 'postgres') {
        await sql`create table ${sql.table(table)} (rowid bigint primary key, document tsvector not null)`.execute(
          db,
        )
        const gin = sql`using gin (document) with (fastupdate = off)`
        await sql`create index ${sql.id(`${table}_words`)} on ${sql.table(table)} ${gin}`.execute(
          db,
        )
        return
      }
      // The words come without signs and accents, so the plainest tokenizer reads them back exactly.
      const options = sql`tokenize = 'ascii', prefix = '1 2 3'`
      await sql`create virtual table ${sql.table(table)} using fts5 (${wordColumns}, ${options})`.execute(
        db,
      )
    },

    /** Indexes these documents, in place of what was known under their numbers. */
    async put(ctx: Context, documents: readonly Document[]): Promise<void> {
      if (documents.length === 0) return
      await remove.run(ctx, { numbers: documents.map(({ number }) => number) })
      if (ctx.session.engine === 'postgres') {
        const rows = documents.map((d) => ({ number: d.number, words: vector(d) }))
        await insertVectors.run(ctx, { rows })
      } else {
        const rows = documents.map((d) => ({ number: d.number, ...folded(d) }))
        await insertWords.run(ctx, { rows })
      }
    },

    /** Forgets these rows. */
    remove: (ctx: Context, numbers: readonly number[]) => remove.run(ctx, { numbers }),

    /**
     * The engine's query for what a person typed: all its words, the last one perhaps unfinished,
     * and all these keys. Undefined if there is no word in it. Safe for any text: only bare words
     * get through.
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
    },

    /**
     * The rows that match a `query`, ranked, as a table expression. Of more than `TOTAL_EXACT_MAX`
     * matches only the newest are ranked (one more than that, which tells that there are more): a
     * word that everything has must not cost more than one that a thousand have.
     */
    matches(engine: Engine, query: string): RawBuilder<Match> {
      const most = sql.lit(TOTAL_EXACT_MAX + 1)
      const from = sql.table(table)
      if (engine === 'postgres') {
        // Ranked outside, or every match would be ranked before the newest are taken.
        const newest = sql`select rowid, document from ${from}
          where document @@ ${query}::tsquery order by rowid desc limit ${most}`
        return sql`(select rowid as number, -ts_rank(document, ${query}::tsquery) as rank
          from (${newest}) as newest)`
      }
      const weights = sql.join([
        ...names.map((name) => sql.lit(BM25[fields[name] as Weight])),
        sql.lit(0),
      ])
      return sql`(select rowid as number, bm25(${from}, ${weights}) as rank from ${from}
        where ${from} match ${query} order by rowid desc limit ${most})`
    },

    /** How many rows are indexed. */
    async count(ctx: Context): Promise<number> {
      const { rows } = await sql<{
        n: number
      }>`select count(*) as n from ${sql.table(table)}`.execute(open(ctx))
      return rows[0]?.n ?? 0
    },

    /** The numbers of those documents that the index does not hold exactly so; for invariants. */
    async disagreements(ctx: Context, documents: readonly Document[]): Promise<number[]> {
      const numbers = documents.map(({ number }) => number)
      const stored = new Map(
        (await wordsAsStored(ctx, { numbers })).map((s) => [s.number, s.words]),
      )
      const wanted = await expected(ctx, documents)
      return wanted.filter((w) => stored.get(w.number) !== w.words).map(({ number }) => number)
    },
  }
}

const open = (ctx: Context) => ctx.session.kysely as unknown as Kysely<any>
