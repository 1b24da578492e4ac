import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { sendCategories, takeCategories } from '../categories/of-products.ts'
import { wooErrors } from '../errors.ts'
import type { Direction } from '../lifecycle.ts'
import { isUnchanged } from '../reconcile.ts'
import { storeOf, type WooStore } from '../store.ts'
import { holdOn } from '../syncs.ts'
import type { SyncRow } from '../tables.ts'
import type { Also, Done } from '../work.ts'
import type { Group } from './bodies.ts'
import { commitProduct } from './commit-product.ts'
import { findThere, type Stepped, step } from './step.ts'
import { isTold, type Part, type View, viewOf } from './view.ts'

/** What an event of ours leaves out: stock has syncs of its own. */
export const BY_EVENT = { without: ['inventory'] }
/** Asked for because WooCommerce changed: then our side being as it was is no reason to stop. */
export const BY_NEWS = { ...BY_EVENT, topic: 'news' }

/** Brings a product and its variations into step with WooCommerce. */
export async function syncProduct(ctx: ProcessContext, sync: SyncRow, also: Also): Promise<Done> {
  const store = storeOf(ctx)
  const asked = askedOf(ctx, sync)
  const look = () => ctx.read((tx) => viewOf(tx, sync.subject, asked.wants))
  const first = await look()
  const isOut = asked.direction !== 'from_woocommerce'
  const view = isOut && (await sendCategories(ctx, first.product, also)) ? await look() : first
  const { head } = view
  if (asked.byEvent && isAllTold(view)) {
    return { ...skipped(head), note: 'nothing has changed here' }
  }
  const { found, isGone } = await findThere(store, head)
  if (found && asked.direction !== 'to_woocommerce') await takeCategories(ctx, found, also)
  const why = found ? undefined : whyNot(view, { ...asked, isGone })
  if (why) return { ...skipped(head), note: why }
  const how = { store, direction: asked.direction, here_at: view.product.updated_at }
  const whole = await step(ctx, head, { ...how, found })
  const steps = [whole, ...(await variations(ctx, view, { ...how, sync, parent: whole.remote.id }))]
  return doneOf(view, steps)
}

function askedOf(ctx: ProcessContext, { options }: SyncRow) {
  const { without = [], topic, direction } = options
  const inPerson = direction !== undefined
  const always = (group: Group) => !without.includes(group)
  const atBirth = (group: Group) => always(group) || (group === 'inventory' && !inPerson)
  return {
    direction: (direction ?? ctx.settings.woocommerce_direction) as Direction,
    byEvent: direction === undefined && topic === undefined,
    inPerson,
    wants: { always, atBirth },
  }
}

const skipped = ({ ref }: Part) => ({
  outcome: 'skipped' as const,
  external_id: ref?.external_id ?? null,
})

const isAllTold = ({ head, variations }: View): boolean =>
  [head, ...variations].every(
    (part) =>
      isTold(part) &&
      isUnchanged({ ...part.ref?.snapshot?.here, ...part.facts }, part.ref?.snapshot?.here),
  )

/** Why a product that WooCommerce does not have is not made there. */
function whyNot(
  { product, head }: View,
  asked: { direction: Direction; inPerson: boolean; isGone: boolean },
): string | undefined {
  if (asked.direction === 'from_woocommerce') {
    if (asked.inPerson) throw wooErrors.not_in_woocommerce({ sku: head.sku })
    return 'WooCommerce does not have it'
  }
  if (product.status === 'archived') return 'it is archived here'
  // Somebody deleted it there: it comes back only if somebody asks for that.
  if (asked.isGone && !asked.inPerson) return 'it was deleted in WooCommerce'
  return undefined
}

/** So many variations are looked at before the lease is renewed. */
const STRETCH = 8

type How = { sync: SyncRow; store: WooStore; direction: Direction; here_at: string; parent: number }

async function variations(ctx: ProcessContext, view: View, how: How): Promise<Stepped[]> {
  const steps: Stepped[] = []
  let held = how.sync
  for (const [nth, part] of view.variations.entries()) {
    if (nth % STRETCH === STRETCH - 1) {
      held = await ctx.transaction((tx) => holdOn(tx, held), 'read committed')
    }
    const { found } = await findThere(how.store, part, how.parent)
    if (!found && how.direction === 'from_woocommerce') continue
    steps.push(await step(ctx, part, { ...how, found }))
  }
  return steps
}

function doneOf(view: View, steps: readonly Stepped[]): Done {
  const [whole] = steps
  const pushed = new Set(steps.flatMap(({ pushed: names }) => names))
  const pulled = new Set(steps.flatMap(({ pulled: names }) => names))
  return {
    outcome: outcomeOf({ made: whole?.made === true, pushed, pulled }),
    external_id: whole ? String(whole.remote.id) : null,
    fields: [...new Set([...pushed, ...pulled])],
    note: null,
    commit: (tx: Context) => commitProduct(tx, view, steps),
  }
}

function outcomeOf(came: { made: boolean; pushed: Set<string>; pulled: Set<string> }) {
  if (came.made) return 'created' as const
  const { pushed, pulled } = came
  if (pulled.size > 0) return pushed.size > 0 ? ('merged' as const) : ('pulled' as const)
  return pushed.size > 0 ? ('updated' as const) : ('skipped' as const)
}
