import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Engine } from '#platform/database/database'
import { isOneOf } from '#platform/database/rowset'

export type Condition = RawBuilder<SqlBool>
export type Direction = 'asc' | 'desc'

/** Where a walk goes on, in which direction, and how far. */
export type Stretch = {
  direction: Direction
  limit: number
  offset?: number
  after?: Id<'order'> | undefined
}

/**
 * A way to the orders that one filter lets through: an index that has their ids in order, which is
 * the order in which they were made. Each is used in three ways: counted up to a bound, gathered
 * whole if that is little, or walked along.
 */
export type Way = {
  name: string
  /** A query for some of these ids, as `id`; all of them, if there are no more. */
  some(limit: number): RawBuilder<unknown>
  /** A query for a stretch of them, in order, each once. */
  ids(stretch: Stretch): RawBuilder<unknown>
  /** The same said of an order `o`. */
  condition: Condition
}

/** Orders that lists show are one kind, archived ones another; deleted ones are neither. */
export const isListed = (table: string, archived: boolean): Condition =>
  archived
    ? sql`${sql.ref(`${table}.archived_at`)} is not null and ${sql.ref(`${table}.deleted_at`)} is null`
    : sql`${sql.ref(`${table}.archived_at`)} is null and ${sql.ref(`${table}.deleted_at`)} is null`

type Place = { from: RawBuilder<unknown>; id: string; where: Condition }

const someOf = ({ from, id, where }: Place, limit: number) =>
  sql`select ${sql.ref(id)} as id from ${from} where ${where} limit ${limit}`

/** A stretch of the ids that stand in one index. */
function stretchOf({ from, id, where }: Place, stretch: Stretch): RawBuilder<unknown> {
  const { direction, after, limit, offset = 0 } = stretch
  const column = sql.ref(id)
  const beyond = direction === 'desc' ? sql`${column} < ${after}` : sql`${column} > ${after}`
  const cut = after === undefined ? sql`` : sql`and ${beyond}`
  const skip = offset > 0 ? sql`offset ${offset}` : sql``
  return sql`select distinct ${column} as id from ${from} where ${where} ${cut}
    order by ${column} ${sql.raw(direction)} limit ${limit} ${skip}`
}

const along = (name: string, place: Place, condition: Condition): Way => ({
  name,
  some: (limit) => someOf(place, limit),
  ids: (stretch) => stretchOf(place, stretch),
  condition,
})

/** Along several indexes at once: each as far as all together may go. */
function alongAll(name: string, places: readonly Place[], condition: Condition): Way {
  const [only] = places
  if (only && places.length === 1) return along(name, only, condition)
  const union = (queries: readonly RawBuilder<unknown>[]) =>
    sql.join(
      queries.map((query) => sql`select id from (${query}) as one`),
      sql` union all `,
    )
  return {
    name,
    condition,
    some: (limit) => {
      const each = places.map((place) => someOf(place, limit))
      return sql`select id from (${union(each)}) as some_of_all limit ${limit}`
    },
    ids: (stretch) => {
      const { limit, offset = 0, direction } = stretch
      const each = places.map((place) =>
        stretchOf(place, { ...stretch, offset: 0, limit: limit + offset }),
      )
      return sql`select distinct id from (${union(each)}) as all_of_them
        order by id ${sql.raw(direction)} limit ${limit} offset ${offset}`
    },
  }
}

const ordersWhere = (name: string, said: (table: string) => Condition, archived: boolean): Way => {
  const where = sql<SqlBool>`${said('w')} and ${isListed('w', archived)}`
  return along(name, { from: sql`orders as w`, id: 'w.id', where }, said('o'))
}

/** All orders that lists show. */
export const everyOrder = (archived: boolean): Way =>
  ordersWhere('every', () => sql<SqlBool>`1 = 1`, archived)

export const ofCustomer = (customer_id: Id<'customer'>, archived: boolean): Way =>
  ordersWhere(
    'customer',
    (table) => sql`${sql.ref(`${table}.customer_id`)} = ${customer_id}`,
    archived,
  )

/** Orders in which something came back; all others are too many to be found by that. */
export const withReturns = (status: string, archived: boolean): Way =>
  ordersWhere(
    'returns',
    (table) => {
      const column = sql.ref(`${table}.return_status`)
      return sql`${column} = ${status} and ${column} <> 'none'`
    },
    archived,
  )

/** Orders with notes of the buyer; which of them is looked at one by one. */
export const withNotes = (archived: boolean): Way =>
  ordersWhere('notes', (table) => sql`${sql.ref(`${table}.notes`)} is not null`, archived)

/** One state of an order's axes, of which some index entry begins with. */
export type State = { status: string; payment_status: string; fulfillment_status: string }

/** Orders in any of these states. */
export function inStates(
  states: readonly State[],
  { archived, condition }: { archived: boolean; condition: Condition },
): Way {
  const places = states.map(({ status, payment_status, fulfillment_status }) => ({
    from: sql`orders as w`,
    id: 'w.id',
    where: sql<SqlBool>`w.status = ${status} and w.payment_status = ${payment_status}
      and w.fulfillment_status = ${fulfillment_status} and ${isListed('w', archived)}`,
  }))
  return alongAll('states', places, condition)
}

const besides = (name: string, place: Place): Way => {
  const { from, id, where } = place
  const isThere = sql<SqlBool>`exists (select 1 from ${from} where ${where} and ${sql.ref(id)} = o.id)`
  return along(name, place, isThere)
}

export const withTag = (tag: string): Way =>
  besides('tag', {
    from: sql`order_tags as t`,
    id: 't.order_id',
    where: sql`t.tag = ${tag}`,
  })

export const withAttribute = (name: string, value_key: string): Way =>
  besides('attribute', {
    from: sql`order_attributes as a`,
    id: 'a.order_id',
    where: sql`a.name = ${name} and a.value_key = ${value_key}`,
  })

export const withHold = (code: string): Way =>
  besides('hold', {
    from: sql`order_holds as h`,
    id: 'h.order_id',
    where: sql`h.code = ${code} and h.released_at is null`,
  })

/** Orders in which one of these variants was bought: an order with two of them is one. */
export function withVariants(engine: Engine, variants: readonly Id<'variant'>[]): Way {
  const places = variants.map((variant_id) => ({
    from: sql`order_lines as l`,
    id: 'l.order_id',
    where: sql<SqlBool>`l.variant_id = ${variant_id}`,
  }))
  return alongAll('variants', places, hasVariant(engine, variants))
}

export function hasVariant(engine: Engine, variants: readonly Id<'variant'>[]): Condition {
  const isOne = isOneOf(engine, 'l.variant_id', { values: variants, kind: 'uuid' })
  return sql`exists (select 1 from order_lines as l where l.order_id = o.id and ${isOne})`
}

type Range = { column: 'placed_at' | 'total_amount'; conditions: (table: string) => Condition }

/** A way whose index has the orders in another order: good while it is short. */
export type RangeWay = Omit<Way, 'ids'> & {
  /** What it says of an order in the index that it is sorted by. */
  along?: (table: string) => Condition
}

/** Orders of a time or an amount. */
export function within({ column, conditions }: Range, archived: boolean): RangeWay {
  const where = sql<SqlBool>`${conditions('w')} and ${isListed('w', archived)}`
  const place = { from: sql`orders as w`, id: 'w.id', where }
  return {
    name: column,
    some: (limit) => someOf(place, limit),
    condition: conditions('o'),
    along: conditions,
  }
}
