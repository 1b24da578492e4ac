import type { Engine } from '#platform/database/database'

// What a person typed, as queries of SQLite's FTS5 and of PostgreSQL's tsquery. Pure.

/** How much a hit in a field counts, A most: see `matches` of full-text.ts. */
export type Weight = 'A' | 'B' | 'C' | 'D'
/**
 * What a search asks for, as the engine's own queries; see `matches`. `any` is what must be found;
 * the others are narrower. In `exact…` the last word is whole too; `…High` looks in fields of
 * weight A only, `…Middle` in those of weight A or B.
 */
export type TextQuery = Record<Part, string>
export const TEXT_QUERY_PARTS = [
  'any',
  'anyHigh',
  'anyMiddle',
  'exact',
  'exactHigh',
  'exactMiddle',
] as const
type Part = (typeof TEXT_QUERY_PARTS)[number]
/** Keys of which one must be found. */
export type AnyKey = string | readonly string[]

const WORDS_MAX = 16

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
export const keyWord = (key: string): string => `¤${Buffer.from(key).toString('hex')}`

const OR: Record<Engine, string> = { sqlite: ' OR ', postgres: ' | ' }

/** One key, or one of several. */
export function keyQuery(engine: Engine, key: AnyKey): string {
  const quote = engine === 'postgres' ? "'" : '"'
  const words = (typeof key === 'string' ? [key] : key).map((k) => quote + keyWord(k) + quote)
  return words.length === 1 ? words.join('') : `(${words.join(OR[engine])})`
}

type Fields = readonly (readonly [string, Weight])[]

/**
 * The queries for what a person typed: all its words, the last one perhaps unfinished, and of each
 * of `keys` one. Undefined if there is no word in it. Safe for any text: only bare words get
 * through.
 */
export function textQuery(
  engine: Engine,
  text: string,
  { fields, keys }: { fields: Fields; keys: readonly AnyKey[] },
): TextQuery | undefined {
  const words = wordsOf(text).slice(0, WORDS_MAX)
  const last = words.pop()
  if (last === undefined) return undefined
  const groups = keys.map((key) => keyQuery(engine, key))
  const asked = { whole: [...new Set(words)], last, groups }
  const part = (name: Part) => {
    const weights = name.endsWith('High') ? 'A' : name.endsWith('Middle') ? 'AB' : ''
    const isExact = name.startsWith('exact')
    if (engine === 'postgres') return postgresQuery(asked, weights, isExact)
    const columns = fields.flatMap(([column, weight]) => (weights.includes(weight) ? column : []))
    return sqliteQuery(asked, columns, isExact)
  }
  return Object.fromEntries(TEXT_QUERY_PARTS.map((name) => [name, part(name)])) as TextQuery
}

/** The query for rows that have of each of these keys one. */
export const keysQuery = (engine: Engine, keys: readonly AnyKey[]): string =>
  keys.map((key) => keyQuery(engine, key)).join(engine === 'postgres' ? ' & ' : ' AND ')

type Asked = { whole: readonly string[]; last: string; groups: readonly string[] }

function postgresQuery({ whole, last, groups }: Asked, weights: string, isExact: boolean): string {
  const ending = `${isExact ? '' : '*'}${weights}`
  const words = whole.map((word) => (weights ? `'${word}':${weights}` : `'${word}'`))
  return [...groups, ...words, ending ? `'${last}':${ending}` : `'${last}'`].join(' & ')
}

function sqliteQuery(
  { whole, last, groups }: Asked,
  columns: readonly string[],
  isExact: boolean,
): string {
  const quoted = [...whole.map((word) => `"${word}"`), `"${last}"${isExact ? '' : '*'}`]
  const words = quoted.join(' AND ')
  const within = columns.length > 0 ? `{${columns.join(' ')}} : (${words})` : words
  return [...groups, within].join(' AND ')
}
