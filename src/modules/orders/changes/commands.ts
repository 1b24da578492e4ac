import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder, type OrderRow } from '../find.ts'
import {
  actionsOf,
  changeById,
  endAbandoned,
  keepChange,
  keepSteps,
  newChange,
  openChange,
  pinChange,
} from './change-rows.ts'
import { planChange } from './commit.ts'
import { dropCustomLines } from './custom-lines.ts'
import type { Effect } from './effects.ts'
import { orderChangeLifecycle } from './lifecycle.ts'
import { momentOf, movedSince } from './moment.ts'
import { stateOf } from './order-state.ts'
import { changeOf, effectOf } from './print.ts'
import { resolved } from './resolve.ts'
import type {
  Action,
  AddActions,
  BeginChange,
  Change,
  NamedChange,
  RemoveAction,
} from './schemas.ts'
import type { ChangeRow } from './tables.ts'

const ACTIONS_MAX = 200

/**
 * Begins a set of changes of a placed order; one at most is open. What each action costs is looked
 * up now, and the order stays as it is until the set is applied. Throws `change_open`, and what the
 * actions are refused for.
 */
export async function beginChange(ctx: Context, input: BeginChange): Promise<Change> {
  const order = await lockOrder(ctx, input.id)
  requireVersion(ctx, order.version)
  const other = await openChange.first(ctx, { order_id: order.id })
  if (other) throw orderErrors.change_open({ change_id: other.id })
  const state = await stateOf(ctx, order)
  const base = momentOf(order, state)
  const row = newChange(ctx, order, { kind: 'edit', reason: input.reason ?? null, base })
  await keepChange(ctx, row)
  await append(ctx, order, { row, known: [], actions: input.actions ?? [] })
  const told = { order_id: order.id, order_change_id: row.id }
  emit(ctx, orderEvents.change_begun(told))
  return changeOf(ctx, order, row)
}

/** Adds actions to an open set; each is judged by what the order is after those before it. */
export async function addActions(ctx: Context, input: AddActions): Promise<Change> {
  const { order, row } = await lockOpen(ctx, input)
  await requireFresh(ctx, order, row)
  const known = (await actionsOf(ctx, { order_change_id: row.id })).map(effectOf)
  await append(ctx, order, { row, known, actions: input.actions })
  return changeOf(ctx, order, row)
}

/** Takes an action out of an open set. */
export async function removeAction(ctx: Context, input: RemoveAction): Promise<Change> {
  const { order, row } = await lockOpen(ctx, input)
  const known = (await actionsOf(ctx, { order_change_id: row.id })).map(effectOf)
  const { position } = input
  if (position > known.length) throw orderErrors.action_not_found({ position })
  await keepEffects(ctx, order, { row, effects: known.toSpliced(position - 1, 1) })
  await dropCustomLines(ctx, known.slice(position - 1, position))
  return changeOf(ctx, order, row)
}

/** Judges an open set anew by how the order stands now; its prices stay as they were looked up. */
export async function rebaseChangeSet(ctx: Context, input: NamedChange): Promise<Change> {
  const { order, row } = await lockOpen(ctx, input)
  const state = await stateOf(ctx, order)
  const base = momentOf(order, state)
  return changeOf(ctx, order, await pinChange(ctx, row, { base_version: order.version, base }))
}

/** Gives an open set up; the order stays as it is. */
export async function abandonChange(ctx: Context, input: NamedChange): Promise<Change> {
  const { order, row } = await lockChange(ctx, input)
  if (row.status === 'abandoned') return changeOf(ctx, order, row)
  orderChangeLifecycle.next(row.status, 'abandon')
  await endAbandoned(ctx, row)
  const steps = await actionsOf(ctx, { order_change_id: row.id })
  await dropCustomLines(ctx, steps.map(effectOf))
  emit(ctx, orderEvents.change_abandoned({ order_id: order.id, order_change_id: row.id }))
  return changeOf(ctx, order, (await changeById.first(ctx, { id: row.id })) as ChangeRow)
}

export type Locked = { order: OrderRow; row: ChangeRow }

/** A change of an order under the order's lock. Throws `change_not_found`. */
export async function lockChange(ctx: Context, { id, change_id }: NamedChange): Promise<Locked> {
  const order = await lockOrder(ctx, id)
  const row = await changeById.first(ctx, { id: change_id })
  if (row?.order_id !== order.id) throw orderErrors.change_not_found({ change_id })
  return { order, row }
}

async function lockOpen(ctx: Context, named: NamedChange): Promise<Locked> {
  const locked = await lockChange(ctx, named)
  orderChangeLifecycle.next(locked.row.status, 'apply')
  return locked
}

/** Refuses to go on with a set that was begun on another version; the details say what moved. */
export async function requireFresh(ctx: Context, order: OrderRow, row: ChangeRow): Promise<void> {
  if (row.base_version === order.version) return
  const moved = movedSince(row.base, order, await stateOf(ctx, order))
  throw orderErrors.change_stale({ change_id: row.id, ...moved })
}

type Appended = { row: ChangeRow; known: readonly Effect[]; actions: readonly Action[] }

async function append(ctx: Context, order: OrderRow, { row, known, actions }: Appended) {
  const effects = [...known]
  for (const [index, action] of actions.entries()) {
    const { after: state } = await planChange(ctx, order, effects)
    effects.push(...(await resolved(ctx, action, { order, state, index })))
  }
  if (effects.length > ACTIONS_MAX) throw orderErrors.too_many_items({ most: ACTIONS_MAX })
  await keepEffects(ctx, order, { row, effects })
}

type Kept = { row: ChangeRow; effects: readonly Effect[] }

/** Keeps the steps of an open set, if the order allows them all. */
async function keepEffects(ctx: Context, order: OrderRow, { row, effects }: Kept): Promise<void> {
  await planChange(ctx, order, effects)
  const steps = effects.map((effect) => ({ effect, before: null, after: null }))
  await keepSteps(ctx, row, steps)
}
