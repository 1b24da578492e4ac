import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { fulfilmentOrderEvents } from '../events.ts'
import { lockWork } from '../find.ts'
import { isLive, fulfilmentOrderLifecycle as lifecycle } from '../lifecycle.ts'
import type { FulfilmentOrder as Told, UpdateFulfilmentOrder } from '../schemas.ts'
import { moved } from '../work/settle.ts'
import { named, storeWork } from '../work/store.ts'
import type { FulfilmentOrder } from '../work/units.ts'
import { told } from './told.ts'

/**
 * Sets when it may be begun, when it is due, and its note. A time to begin that is still to come
 * schedules it; one that is over or taken away opens it again. Times of what is over stay.
 */
export async function updateFulfilmentOrder(
  ctx: Context,
  { id, ...input }: UpdateFulfilmentOrder,
): Promise<Told> {
  const { one } = await lockWork(ctx, id)
  const facts = {
    ...(input.fulfil_at !== undefined && { fulfil_at: instant(input.fulfil_at) }),
    ...(input.due_at !== undefined && { due_at: instant(input.due_at) }),
    ...(input.note !== undefined && { note: input.note }),
  }
  const members = (Object.keys(facts) as (keyof typeof facts)[]).filter(
    (name) => facts[name] !== one[name],
  )
  if (members.length === 0) return told(ctx, [one], one.id)
  if (!isLive(one.status) && members.some((name) => name !== 'note')) {
    lifecycle.next(one.status, 'schedule')
  }
  const after = timed(ctx, { ...one, ...facts }, members)
  const stored = await storeWork(ctx, [one], [after])
  emit(ctx, fulfilmentOrderEvents.updated({ ...named(one), members }))
  return told(ctx, stored, one.id)
}

const instant = (text: string | null) => (text === null ? null : toInstant(text))

function timed(ctx: Context, one: FulfilmentOrder, members: readonly string[]): FulfilmentOrder {
  if (!members.includes('fulfil_at') || one.status === 'waiting') return one
  const isToCome = one.fulfil_at !== null && one.fulfil_at > ctx.now
  if (isToCome) return one.status === 'scheduled' ? one : moved(ctx, one, { move: 'schedule' })
  return one.status === 'scheduled' ? moved(ctx, one, { move: 'open' }) : one
}
