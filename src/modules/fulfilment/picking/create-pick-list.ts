import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { isUuid } from '#kit/ids'
import { toInstant } from '#kit/schemas'
import { profileOf } from '#modules/access'
import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { lockEntities } from '#platform/database/entity-lock'
import { nextNumber } from '#platform/database/numbers'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { fulfilmentErrors } from '../errors.ts'
import { pickListEvents } from '../events.ts'
import { FIRST_PICK_LIST_NUMBER } from '../migrations/2026-11-21-79-create-picking.ts'
import { numberIn, printNumber } from '../numbers.ts'
import { db } from '../tables.ts'
import { isReady } from '../wire.ts'
import { fulfilmentOrdersById } from '../work/rows.ts'
import { storePicked } from '../work/store.ts'
import { type FulfilmentOrder, unitsToPick } from '../work/units.ts'
import { type PickListRow, printListNumber } from './items.ts'
import type { CreatePickList, NewPickList } from './schemas.ts'
import { walkOf } from './walk.ts'
import { listTold } from './wire.ts'

const insertItems = insertRows(db, 'pick_items')

/**
 * Makes a list for all that is to pick of many fulfilment orders at a location, in the order of the
 * walk: as many statements for one as for two hundred. What cannot be picked now is told and left
 * out. Throws `nothing_to_pick` if that is all.
 */
export async function createPickList(ctx: Context, input: CreatePickList): Promise<NewPickList> {
  const location = await findLocation(ctx, input.location_id)
  const assigned_to = input.assigned_to ?? null
  await requirePicker(ctx, assigned_to)
  const wanted = await wantedOf(ctx, input, location.id)
  await lockEntities(
    ctx,
    'order',
    wanted.map(({ order_id }) => order_id),
  )
  const locked = await fulfilmentOrdersById(
    ctx,
    wanted.map(({ id }) => id),
  )
  const problems = locked.map((one) => ({ one, problem: problemOf(one, location.id) }))
  const picked = problems.flatMap(({ one, problem }) => (problem ? [] : [one]))
  if (picked.length === 0) throw fulfilmentErrors.nothing_to_pick()
  const facts = { location_id: location.id, assigned_to, note: input.note ?? null }
  const list = await storeList(ctx, facts, picked)
  const skipped = problems.flatMap(({ one, problem }) =>
    problem ? [{ number: printNumber(one), problem }] : [],
  )
  return { ...(await listTold(ctx, list)), skipped }
}

/** Refuses a picker whom nobody knows. */
export async function requirePicker(ctx: Context, user_id: Id<'user'> | null): Promise<void> {
  if (user_id && !(await profileOf(ctx, user_id))) {
    throw fulfilmentErrors.picker_not_found({ user_id })
  }
}

function problemOf(one: FulfilmentOrder, location_id: Id<'location'>): string | undefined {
  if (one.location_id !== location_id) return 'it is not at this location'
  if (one.holds > 0) return 'it is held'
  if (one.status !== 'open' && one.status !== 'in_progress') return `it is ${one.status}`
  if (!isReady(one)) return `its order is ${one.order_status}`
  if (!one.lines.some((line) => unitsToPick(line) > 0)) return 'nothing of it is left to pick'
  return undefined
}

type Named = { id: Id<'fulfilment_order'>; order_id: Id<'order'> }

const namedById = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('fulfilment_orders')
    .select(['id', 'order_id', 'order_number', 'nth'])
    .where('id', 'in', listOf(engine, p.ids, 'uuid')),
)
const namedByNumber = prepared(db, (open, p: { numbers: readonly number[] }, engine) =>
  open
    .selectFrom('fulfilment_orders')
    .select(['id', 'order_id', 'order_number', 'nth'])
    .where('order_number', 'in', listOf(engine, p.numbers, 'bigint')),
)

type Due = { location: string; before: string; most: number }
/** What is ready at a location: what is due first, then the oldest. */
const dueQuery = (isBefore: boolean) =>
  prepared(db, (open, p: Due) =>
    rawQuery(
      open,
      sql<Named>`select f.id, f.order_id from fulfilment_orders as f
        where f.location_id = ${p.location} and f.status in ('open', 'in_progress')
          and f.holds = 0 and f.order_status in ('confirmed', 'processing')
          ${isBefore ? sql`and f.due_at <= ${p.before}` : sql``}
          and exists (select 1 from fulfilment_order_lines as l
            where l.fulfilment_order_id = f.id
              and l.quantity > l.picked_quantity + l.picking_quantity)
        order by case when f.due_at is null then 1 else 0 end, f.due_at, f.id limit ${p.most}`,
    ),
  )
const due = { any: dueQuery(false), before: dueQuery(true) }

async function wantedOf(
  ctx: Context,
  input: CreatePickList,
  location: Id<'location'>,
): Promise<readonly Named[]> {
  const refs = input.fulfilment_order_ids
  if (!refs) {
    const most = input.orders_max ?? 20
    if (!input.due_before) return due.any(ctx, { location, before: '', most })
    return due.before(ctx, { location, before: toInstant(input.due_before), most })
  }
  const ids = refs.filter(isUuid)
  const numbers = refs.flatMap((ref) => (isUuid(ref) ? [] : (numberIn(ref) ?? [])))
  const [byId, byNumber] = await Promise.all([
    namedById(ctx, { ids }),
    namedByNumber(ctx, { numbers: numbers.map(({ order_number }) => order_number) }),
  ])
  const known = new Map<string, Named>(byId.map((row) => [row.id, row]))
  for (const row of byNumber) known.set(printNumber(row), row)
  return refs.map((ref) => {
    const number = numberIn(ref)
    const row = known.get(number ? printNumber(number) : ref)
    if (!row) throw fulfilmentErrors.not_found({ fulfilment_order_id: ref })
    return row
  })
}

type Facts = Pick<PickListRow, 'location_id' | 'assigned_to' | 'note'>

async function storeList(
  ctx: Context,
  facts: Facts,
  picked: readonly FulfilmentOrder[],
): Promise<PickListRow> {
  const row = {
    id: ctx.newId('pick_list'),
    ...facts,
    status: 'open' as const,
    version: 1,
    started_at: null,
    finished_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const { number } = await db(ctx)
    .insertInto('pick_lists')
    .values({
      ...row,
      number: nextNumber(ctx.session.engine, 'pick_lists', FIRST_PICK_LIST_NUMBER),
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  const items = await walkOf(ctx, { pick_list_id: row.id, location_id: row.location_id }, picked)
  await insertItems.run(ctx, { rows: items })
  const after = picked.map((one) => ({
    ...one,
    lines: one.lines.map((line) => ({
      ...line,
      picking_quantity: line.picking_quantity + unitsToPick(line),
    })),
  }))
  await storePicked(ctx, picked, after)
  const units = items.reduce((sum, { quantity }) => sum + quantity, 0)
  emit(
    ctx,
    pickListEvents.created({
      pick_list_id: row.id,
      number: printListNumber(number),
      location_id: row.location_id,
      fulfilment_order_ids: picked.map(({ id }) => id),
      units,
    }),
  )
  return { ...row, number }
}
