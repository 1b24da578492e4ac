import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import type { Details, OrderState } from './effects.ts'
import { db } from './tables.ts'

type EraseAddress = (address: Details['shipping_address']) => Details['shipping_address']

/**
 * Takes a person out of the changes of orders, and out of how these were placed, just as out of the
 * orders themselves: so replaying what is left still gives what is stored.
 */
export async function eraseFromChanges(
  ctx: Context,
  order_ids: readonly Id<'order'>[],
  eraseAddress: EraseAddress,
): Promise<void> {
  const ids = { orders: order_ids }
  for (const { order_id, state } of await originsOf(ctx, ids)) {
    const known = state as unknown as OrderState
    const details = erasedDetails(known.details, eraseAddress)
    await setOrigin.run(ctx, { order_id, state: { ...known, details } as never })
  }
  for (const { effect, before, after, ...place } of await detailSteps(ctx, ids)) {
    const erased = (told: object | null) =>
      told && 'details' in told
        ? { ...told, details: erasedDetails(told.details as Partial<Details>, eraseAddress) }
        : told
    const step = { effect: erased(effect), before: erased(before), after: erased(after) }
    await setStep.run(ctx, {
      ...place,
      ...(step as { effect: never; before: never; after: never }),
    })
  }
  await dropReasons.run(ctx, ids)
}

/** The members that are there, as an erased order has them. */
function erasedDetails(details: Partial<Details>, eraseAddress: EraseAddress): Partial<Details> {
  const { shipping_address, billing_address, notes, email, ...rest } = details
  return {
    ...rest,
    ...(shipping_address !== undefined && { shipping_address: eraseAddress(shipping_address) }),
    ...(billing_address !== undefined && { billing_address: eraseAddress(billing_address) }),
    ...(notes !== undefined && { notes: null }),
    ...(email !== undefined && { email: null }),
  }
}

const originsOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_origins')
    .select(['order_id', 'state'])
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid')),
)
const setOrigin = prepared(db, (open, p: { order_id: Id<'order'>; state: never }) =>
  open.updateTable('order_origins').set({ state: p.state }).where('order_id', '=', p.order_id),
)
const detailSteps = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_change_sets as c')
    .innerJoin('order_change_actions as a', 'a.order_change_id', 'c.id')
    .select(['a.order_change_id', 'a.position', 'a.effect', 'a.before', 'a.after'])
    .where('c.order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where('a.kind', '=', 'set_details'),
)
type Place = { order_change_id: Id<'order_change'>; position: number }
const setStep = prepared(db, (open, p: Place & { effect: never; before: never; after: never }) =>
  open
    .updateTable('order_change_actions')
    .set({ effect: p.effect, before: p.before, after: p.after })
    .where('order_change_id', '=', p.order_change_id)
    .where('position', '=', p.position),
)
const dropReasons = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .updateTable('order_change_sets')
    .set({ reason: null })
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid')),
)
