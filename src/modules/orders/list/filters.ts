import { type SqlBool, sql } from 'kysely'
import { parseCurrency, parseMoney } from '#kit/money'
import { variantsNamed } from '#modules/catalogue'
import { findCustomerByEmail } from '#modules/customers'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf, rowset } from '#platform/database/rowset'
import { invalidField } from '#platform/operations'
import { tagKey } from '../desk/tags.ts'
import { orderNumberIn } from '../find.ts'
import { FULFILLMENT_STATUSES, orderLifecycle, PAYMENT_STATUSES } from '../lifecycle.ts'
import type { ListOrders } from '../schemas.ts'
import { db } from '../tables.ts'
import { instantOf } from './instants.ts'
import {
  type Condition,
  hasVariant,
  inStates,
  ofCustomer,
  type RangeWay,
  type State,
  type Way,
  withAttribute,
  withHold,
  within,
  withNotes,
  withReturns,
  withTag,
  withVariants,
} from './ways.ts'

/** What a list was asked for, as ways to its orders and as conditions on an order `o`. */
export type Filters = {
  archived: boolean
  /** Nothing can be found: what was asked for is not there at all. */
  none: boolean
  /** Ways in the order of ids, those that are likely to be the narrowest first. */
  ways: Way[]
  /** Ways that are good only while they are short. */
  ranges: RangeWay[]
  /** What no way says. */
  conditions: Condition[]
}

/** Products with more variants than this are looked for order by order. */
const VARIANTS_FOLLOWED_MAX = 50

/** Reads what was asked for. A buyer's own orders are all that a buyer can ask for. */
export async function filtersOf(ctx: Context, query: ListOrders): Promise<Filters> {
  const { archived = false } = query
  const found: Filters = { archived, none: false, ways: [], ranges: [], conditions: [] }
  if (query.hold !== undefined) found.ways.push(withHold(query.hold))
  await addCustomer(ctx, query, found)
  await addVariants(ctx, query, found)
  for (const attribute of query.attribute ?? []) found.ways.push(attributeWay(attribute))
  for (const tag of query.tag ?? []) found.ways.push(withTag(tagKey(tag)))
  addReturns(ctx, query, found)
  await addSearch(ctx, query, found)
  await addStates(ctx, query, found)
  addRanges(query, found)
  return found
}

async function addCustomer(ctx: Context, query: ListOrders, found: Filters): Promise<void> {
  const { own_only, customer_id: self } = ctx.actor
  const customer_id = own_only ? self : (query.customer_id ?? query.user_id)
  if (own_only && !customer_id) found.none = true
  if (customer_id) found.ways.push(ofCustomer(customer_id, found.archived))
}

async function addVariants(
  ctx: Context,
  { sku, product_id }: ListOrders,
  found: Filters,
): Promise<void> {
  for (const ref of [sku, product_id]) {
    if (ref === undefined) continue
    const variants = await variantsNamed(ctx, ref)
    if (variants.length === 0) found.none = true
    else if (variants.length > VARIANTS_FOLLOWED_MAX) {
      found.conditions.push(hasVariant(ctx.session.engine, variants))
    } else found.ways.push(withVariants(ctx.session.engine, variants))
  }
}

function attributeWay(attribute: string): Way {
  const [, name, value] = /^([^:]+):(.*)$/s.exec(attribute) ?? []
  if (name === undefined || value === undefined) {
    throw invalidField('attribute', 'must be a name and a value, such as gift_wrap:true')
  }
  return withAttribute(name, value)
}

function addReturns(ctx: Context, { return_status }: ListOrders, found: Filters): void {
  if (!return_status) return
  const [only] = return_status
  if (only !== undefined && only !== 'none' && return_status.length === 1) {
    found.ways.push(withReturns(only, found.archived))
  } else {
    const { engine } = ctx.session
    const values = { values: return_status, kind: 'text' } as const
    found.conditions.push(isOneOf(engine, 'o.return_status', values))
  }
}

/** A number, the e-mail of a customer, or words of the buyer's notes. */
async function addSearch(ctx: Context, { search }: ListOrders, found: Filters): Promise<void> {
  if (search === undefined) return
  const number = orderNumberIn(search) ?? orderNumberIn(`ORD-${search}`)
  if (number !== undefined) {
    const isNumber = sql<SqlBool>`o.number = ${number}`
    found.ranges.push({
      name: 'number',
      some: () => sql`select w.id from orders as w where w.number = ${number}`,
      condition: isNumber,
    })
    return
  }
  const customer = search.includes('@')
    ? await findCustomerByEmail(ctx, search.trim().toLowerCase())
    : undefined
  if (customer) {
    found.ways.push(ofCustomer(customer.id, found.archived))
    return
  }
  found.ways.push(withNotes(found.archived))
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    found.conditions.push(sql`lower(o.notes) like ${pattern} escape '\\'`)
  }
}

const AXES = {
  status: orderLifecycle.states,
  payment_status: PAYMENT_STATUSES,
  fulfillment_status: FULFILLMENT_STATUSES,
} as const

/**
 * Which of these states orders are in: an index is asked once for each, and found empty at once.
 */
const statesThere = (archived: boolean) =>
  prepared(db, (open, p: { states: readonly State[] }, engine) => {
    const states = rowset<State>(engine, p.states, {
      status: 'text',
      payment_status: 'text',
      fulfillment_status: 'text',
    })
    const listed = archived
      ? sql`o.archived_at is not null and o.deleted_at is null`
      : sql`o.archived_at is null and o.deleted_at is null`
    return rawQuery<State>(
      open,
      sql`select s.status, s.payment_status, s.fulfillment_status from ${states} as s
        where exists (select 1 from orders as o where o.status = s.status
          and o.payment_status = s.payment_status
          and o.fulfillment_status = s.fulfillment_status and ${listed})`,
    )
  })
const listedStates = statesThere(false)
const archivedStates = statesThere(true)

/** The states asked for become those that there are: so few that each can be followed by itself. */
async function addStates(ctx: Context, query: ListOrders, found: Filters): Promise<void> {
  const asked = (Object.keys(AXES) as (keyof typeof AXES)[]).filter((axis) => query[axis])
  if (asked.length === 0) return
  const of = <K extends keyof typeof AXES>(axis: K) => (query[axis] ?? AXES[axis]) as string[]
  const states = of('status').flatMap((status) =>
    of('payment_status').flatMap((payment_status) =>
      of('fulfillment_status').map((fulfillment_status) => ({
        status,
        payment_status,
        fulfillment_status,
      })),
    ),
  )
  const there = await (found.archived ? archivedStates : listedStates)(ctx, { states })
  if (there.length === 0) {
    found.none = true
    return
  }
  const { engine } = ctx.session
  const condition = sql.join(
    asked.map((axis) => isOneOf(engine, `o.${axis}`, { values: of(axis), kind: 'text' })),
    sql` and `,
  )
  const { archived } = found
  found.ways.push(inStates(there, { archived, condition: condition as Condition }))
}

function addRanges(query: ListOrders, found: Filters): void {
  const { archived } = found
  const { from, to } = placedWithin(query)
  const currency = query.currency === undefined ? undefined : parseCurrency(query.currency)
  if (currency) found.conditions.push(sql`o.currency = ${currency}`)
  const amount = (field: 'min_amount' | 'max_amount') =>
    query[field] === undefined ? undefined : parseMoney(query[field], currency ?? 'USD', field)
  const bounds = {
    placed_at: [from, to],
    total_amount: [amount('min_amount'), amount('max_amount')],
  } as const
  for (const column of ['placed_at', 'total_amount'] as const) {
    const [least, most] = bounds[column]
    if (least === undefined && most === undefined) continue
    const conditions = (table: string) => between(`${table}.${column}`, least, most)
    found.ranges.push(within({ column, conditions }, archived))
  }
}

/** The instants between which the orders were placed, as asked for. */
export const placedWithin = (query: ListOrders) => ({
  from: instantOf('start_date', query.from ?? query.start_date, 'T00:00:00.000Z'),
  to: instantOf('end_date', query.to ?? query.end_date, 'T23:59:59.999Z'),
})

type Bound = string | number | undefined

function between(column: string, least: Bound, most: Bound): Condition {
  const parts: Condition[] = []
  if (least !== undefined) parts.push(sql`${sql.ref(column)} >= ${least}`)
  if (most !== undefined) parts.push(sql`${sql.ref(column)} <= ${most}`)
  return sql<SqlBool>`${sql.join(parts, sql` and `)}`
}
