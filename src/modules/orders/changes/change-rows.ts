import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import type { OrderRow } from '../find.ts'
import type { Effect, OrderState } from './effects.ts'
import { type ActionRow, type ChangeRow, db } from './tables.ts'

const lastNumber = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_change_sets')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('order_id', '=', p.order_id),
)
const insertOrigin = prepared(db, (open, p: { order_id: Id<'order'>; version: number } & Kept) =>
  open
    .insertInto('order_origins')
    .values({ order_id: p.order_id, version: p.version, state: p.state, created_at: p.created_at })
    .onConflict((on) => on.column('order_id').doNothing()),
)
type Kept = { state: never; created_at: string }
const insertChanges = insertRows(db, 'order_change_sets')
const insertActions = insertRows(db, 'order_change_actions')

/** A change by its id. */
export const changeById = prepared(db, (open, p: { id: Id<'order_change'> }) =>
  open.selectFrom('order_change_sets').selectAll().where('id', '=', p.id),
)

/** What an order's open set is, if it has one. */
export const openChange = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_change_sets')
    .selectAll()
    .where('order_id', '=', p.order_id)
    .where('status', '=', 'open'),
)

/** The open sets of these orders. */
export const openChangesOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_change_sets')
    .select(['id', 'order_id'])
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where('status', '=', 'open'),
)

/** The steps of a change, in order. */
export const actionsOf = prepared(db, (open, p: { order_change_id: Id<'order_change'> }) =>
  open
    .selectFrom('order_change_actions')
    .selectAll()
    .where('order_change_id', '=', p.order_change_id)
    .orderBy('position'),
)

const closeChange = prepared(
  db,
  (
    open,
    p: Pick<
      ChangeRow,
      | 'id'
      | 'status'
      | 'number'
      | 'old_owed_amount'
      | 'new_owed_amount'
      | 'applied_key'
      | 'closed_by'
      | 'closed_at'
    >,
  ) =>
    open
      .updateTable('order_change_sets')
      .set({
        status: p.status,
        number: p.number,
        old_owed_amount: p.old_owed_amount,
        new_owed_amount: p.new_owed_amount,
        applied_key: p.applied_key,
        closed_by: p.closed_by,
        closed_at: p.closed_at,
      })
      .where('id', '=', p.id)
      .where('status', '=', 'open'),
)
const dropActions = prepared(db, (open, p: { order_change_id: Id<'order_change'> }) =>
  open.deleteFrom('order_change_actions').where('order_change_id', '=', p.order_change_id),
)

export type Step = { effect: Effect; before: object | null; after: object | null }

/** A change as it begins. */
export const newChange = (
  ctx: Context,
  order: OrderRow,
  said: Pick<ChangeRow, 'kind' | 'reason' | 'base'> & { id?: ChangeRow['id'] | undefined },
): ChangeRow => ({
  id: said.id ?? ctx.newId('order_change'),
  order_id: order.id,
  kind: said.kind,
  status: 'open',
  number: null,
  base_version: order.version,
  base: said.base,
  reason: said.reason,
  old_owed_amount: null,
  new_owed_amount: null,
  applied_key: null,
  created_by: ctx.actor.id,
  created_at: ctx.now,
  closed_by: null,
  closed_at: null,
})

export const keepChange = (ctx: Context, row: ChangeRow) => insertChanges(ctx, { rows: [row] })

/** Writes the steps of a change, in place of those it had. */
export async function keepSteps(
  ctx: Context,
  change: ChangeRow,
  steps: readonly Step[],
): Promise<void> {
  await dropActions.run(ctx, { order_change_id: change.id })
  if (steps.length === 0) return
  const rows = steps.map(
    ({ effect, before, after }, nth): ActionRow => ({
      order_change_id: change.id,
      position: nth + 1,
      kind: effect.kind,
      effect: effect as never,
      before: before as never,
      after: after as never,
    }),
  )
  await insertActions(ctx, { rows })
}

/** Keeps the order as it was placed: once, when it is changed for the first time. */
export const keepOrigin = (ctx: Context, order: OrderRow, state: OrderState) =>
  insertOrigin.run(ctx, {
    order_id: order.id,
    version: order.version,
    state: state as never,
    created_at: ctx.now,
  })

const rebaseChange = prepared(
  db,
  (open, p: Pick<ChangeRow, 'id' | 'base_version'> & { base: never }) =>
    open
      .updateTable('order_change_sets')
      .set({ base_version: p.base_version, base: p.base })
      .where('id', '=', p.id)
      .where('status', '=', 'open'),
)

/** Pins an open set to the order as it stands now. */
export async function pinChange(
  ctx: Context,
  change: ChangeRow,
  { base_version, base }: Pick<ChangeRow, 'base_version' | 'base'>,
): Promise<ChangeRow> {
  await rebaseChange.run(ctx, { id: change.id, base_version, base: base as never })
  return { ...change, base_version, base }
}

type Owed = { old_owed_amount: number; new_owed_amount: number }

/** Ends a change as applied: it is the order's next. The order's lock is held. */
export async function endApplied(
  ctx: Context,
  change: ChangeRow,
  { owed, isKept, key = null }: { owed: Owed; isKept: boolean; key?: string | null | undefined },
): Promise<ChangeRow> {
  const last = await lastNumber.first(ctx, { order_id: change.order_id })
  const closed: ChangeRow = {
    ...change,
    ...owed,
    applied_key: key,
    status: 'applied',
    number: (last?.number ?? 0) + 1,
    closed_by: ctx.actor.id,
    closed_at: ctx.now,
  }
  if (isKept) await closeChange.run(ctx, closed)
  else await keepChange(ctx, closed)
  return closed
}

/** Gives a change up. Answers false if it was not open any more. */
export async function endAbandoned(ctx: Context, change: ChangeRow): Promise<boolean> {
  const { affected } = await closeChange.run(ctx, {
    ...change,
    status: 'abandoned',
    closed_by: ctx.actor.id,
    closed_at: ctx.now,
  })
  return affected === 1
}
