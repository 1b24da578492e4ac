import { type SqlBool, sql } from 'kysely'
import type { Context } from '#platform/context'
import { isOneOf } from '#platform/database/rowset'
import { invalidField } from '#platform/operations'
import { attributeKey } from '../facet-keys.ts'
import type { Condition, Values } from '../filters.ts'
import { isThere } from '../is-there.ts'
import { type AttributeRow, knownAttributes } from './known.ts'
import { millionthsOf, readValue } from './value.ts'

const FIELD = 'attributes'
const RANGE = /^(.*)\.\.(.*)$/

/**
 * Reads filters such as `colour:blue`: of one attribute named several times any value will do, of
 * several attributes each must fit. Numbers and days take ranges with one end or both, such as
 * `volume:250..500`.
 */
export async function attributeConditions(
  ctx: Context,
  given: readonly string[],
): Promise<Condition[]> {
  if (given.length === 0) return []
  const known = new Map((await knownAttributes(ctx)).map((one) => [one.code, one]))
  const wanted = new Map<AttributeRow, string[]>()
  for (const text of given) {
    const at = text.indexOf(':')
    const attribute = at < 0 ? undefined : known.get(text.slice(0, at).toLowerCase())
    if (!attribute?.filterable)
      throw invalidField(FIELD, `names no attribute to filter by: ${text}`)
    const value = decoded(text.slice(at + 1))
    const others = wanted.get(attribute)
    if (others) others.push(value)
    else wanted.set(attribute, [value])
  }
  return [...wanted].map(([attribute, values], nth) => condition(attribute, values, nth))
}

/** Commas stand between values, so one inside a value is written %2C. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalidField(FIELD, 'has a broken percent-encoding')
  }
}

function condition(attribute: AttributeRow, values: string[], nth: number): Condition {
  const [first = ''] = values
  const range = values.length === 1 && isOrdered(attribute) ? RANGE.exec(first) : null
  if (range) return within(attribute, [range[1] ?? '', range[2] ?? ''], nth)
  const keys = values.map((value) => readValue(attribute, value, FIELD).value_key)
  return oneOf(attribute, [...new Set(keys)], nth)
}

const isOrdered = ({ type }: AttributeRow): boolean => type === 'number' || type === 'date'

function oneOf({ id, number }: AttributeRow, keys: string[], nth: number): Condition {
  const [of, value] = [`attribute_${nth}`, `value_${nth}`]
  const key = keys.map((one) => attributeKey(number, one))
  const base = (alias: string, p: Values) => sql`${sql.ref(`${alias}.attribute_id`)} = ${p[of]}`
  if (keys.length === 1) {
    const is = (alias: string, p: Values) =>
      sql<SqlBool>`${base(alias, p)} and ${sql.ref(`${alias}.value_key`)} = ${p[value]}`
    return {
      name: of,
      values: { [of]: id, [value]: keys[0] },
      where: (p) =>
        isThere(sql`from product_attributes as m where m.product_id = p.id and ${is('m', p)}`),
      key,
      source: { table: 'product_attributes', where: (p) => is('s', p) },
      isNarrow: true,
    }
  }
  return {
    name: `any_${of}`,
    values: { [of]: id, [value]: keys },
    where: (p, engine) => {
      const isAny = isOneOf(engine, 'm.value_key', { values: p[value] as never, kind: 'text' })
      return isThere(sql`from product_attributes as m
        where m.product_id = p.id and ${base('m', p)} and ${isAny}`)
    },
    key,
  }
}

function within({ id, type }: AttributeRow, ends: [string, string], nth: number): Condition {
  const names = [`from_${nth}`, `to_${nth}`] as const
  const of = `attribute_${nth}`
  const column = type === 'number' ? 'm.number_value' : 'm.value_key'
  const read = ends.map((end) => (end === '' ? undefined : readEnd(type === 'number', end)))
  const said = names.filter((_, at) => read[at] !== undefined)
  if (said.length === 0) throw invalidField(FIELD, 'has a range without ends')
  return {
    name: [of, type === 'number' ? 'number' : 'day', ...said].join(' '),
    values: { [of]: id, [names[0]]: read[0], [names[1]]: read[1] },
    where: (p) => {
      const ends = said.map((name) => {
        const than = sql.raw(name === names[0] ? '>=' : '<=')
        return sql` and ${sql.ref(column)} ${than} ${p[name]}`
      })
      return isThere(sql`from product_attributes as m
        where m.product_id = p.id and m.attribute_id = ${p[of]} ${sql.join(ends, sql``)}`)
    },
  }
}

function readEnd(isNumber: boolean, text: string): number | string {
  const end = isNumber ? millionthsOf(text) : /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined
  if (end === undefined) {
    throw invalidField(FIELD, isNumber ? 'has a range of no numbers' : 'has a range of no days')
  }
  return end
}
