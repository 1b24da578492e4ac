import { categoryLike, createCategory, freeCategorySlug } from '#modules/catalogue'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { isUnchanged } from '../reconcile.ts'
import { keepRef, refNamed, refOf } from '../refs.ts'
import { storeOf } from '../store.ts'
import { askForSync, setOptions } from '../syncs.ts'
import type { RefRow, Snapshot, SyncRow } from '../tables.ts'
import type { Also, Done } from '../work.ts'
import { categoryById, DEFAULT_SLUG, factsOfCategory, type WooCategory } from './remote.ts'
import { BY_NEWS, before, factsOfOurs, parentHere, wordsOf } from './sync-category.ts'

/** Looks at a category of which we saw that it is new or changed, those above it first. */
export async function pullCategory(
  ctx: ProcessContext,
  { subject: external_id }: SyncRow,
  also: Also,
): Promise<Done> {
  const skip = (note: string): Done => ({ outcome: 'skipped', external_id, note })
  const found = await categoryById(storeOf(ctx), external_id)
  if (!found) return skip('WooCommerce does not have it any more')
  const ref = await ctx.read((tx) => refNamed(tx, 'category', external_id))
  if (ref) {
    if (isKnown(ref, found)) return skip('nothing in it is new')
    const commit = (tx: Context) => lookAgain(tx, ref.entity_id)
    return { outcome: 'updated', external_id, note: 'it is looked at', commit }
  }
  if (ctx.settings.woocommerce_direction === 'to_woocommerce') return skip('it is unknown here')
  if (found.slug === DEFAULT_SLUG) return skip('it is where WooCommerce files what has no category')
  if (found.name === '') return skip('it has no name')
  if ((await ctx.read((tx) => parentHere(tx, found))) === undefined) {
    await before(also, { kind: 'pull_category', subject: String(found.parent) })
  }
  const fields = ['name', 'description', 'parent']
  return { outcome: 'created', external_id, fields, commit: (tx) => takeOver(tx, found) }
}

/** Whether WooCommerce says of a category what it said when both were last in step. */
export const isKnown = ({ snapshot }: RefRow, found: WooCategory): boolean =>
  isUnchanged(factsOfCategory(found), snapshot?.there)

/** It is brought into step by the sync that does nothing else, one at a time. */
async function lookAgain(ctx: Context, category_id: string): Promise<void> {
  const asked = { kind: 'category' as const, subject: category_id, options: BY_NEWS }
  const { sync } = await askForSync(ctx, asked, 0)
  await setOptions(ctx, sync.id, { ...sync.options, ...BY_NEWS })
}

/** Links it with the category that is here already, or puts it into the tree. */
async function takeOver(ctx: Context, found: WooCategory): Promise<void> {
  const { name, description } = wordsOf(found)
  const parent_id = (await parentHere(ctx, found)) ?? null
  const same = await categoryLike(ctx, { slug: found.slug, name, parent_id })
  const isFree = same && !(await refOf(ctx, 'category', same.id))
  if (isFree) {
    await link(ctx, same.id, { found, snapshot: null })
    return lookAgain(ctx, same.id)
  }
  const slug = await freeCategorySlug(ctx, [found.slug, name, `${name} ${found.id}`])
  const slugged = slug === undefined ? {} : { slug }
  const { id } = await createCategory(ctx, { name, description, parent_id, ...slugged })
  // What came over as it is needs not be told back.
  const here = await factsOfOurs(ctx, id)
  await link(ctx, id, { found, snapshot: { here, there: factsOfCategory(found) } })
}

type Linked = { found: WooCategory; snapshot: Snapshot | null }

async function link(ctx: Context, entity_id: string, { found, snapshot }: Linked): Promise<void> {
  const external_id = String(found.id)
  await keepRef(ctx, {
    kind: 'category',
    entity_id,
    external_id,
    snapshot,
    remote_modified_at: null,
  })
}
