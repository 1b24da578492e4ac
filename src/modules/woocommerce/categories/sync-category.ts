import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { type CategoryRow, findCategory, moveCategory, updateCategory } from '#modules/catalogue'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { wooErrors } from '../errors.ts'
import type { Direction } from '../lifecycle.ts'
import { plainText } from '../products/text.ts'
import { isUnchanged, reconcile } from '../reconcile.ts'
import { keepRef, refNamed, refOf } from '../refs.ts'
import { storeOf, WooFault, type WooStore } from '../store.ts'
import type { Asked } from '../syncs.ts'
import type { Facts, RefRow, SyncRow } from '../tables.ts'
import type { Also, Done } from '../work.ts'
import {
  categoryById,
  categoryLikeOurs,
  factsOfCategory,
  makeCategory,
  putCategory,
  type WooCategory,
} from './remote.ts'

/** Asked for because WooCommerce changed: then our side being as it was is no reason to stop. */
export const BY_NEWS = { topic: 'news' }

const NAME_LENGTH_MAX = 255
const DESCRIPTION_LENGTH_MAX = 2000

type View = { category: CategoryRow; ref: RefRow | undefined; parent: RefRow | undefined }

/** A category of ours; undefined once it is archived, which says nothing to WooCommerce. */
async function viewOf(ctx: Context, subject: string): Promise<View | undefined> {
  try {
    const category = await findCategory(ctx, subject)
    const { parent_id } = category
    const parent = parent_id ? await refOf(ctx, 'category', parent_id) : undefined
    return { category, ref: await refOf(ctx, 'category', category.id), parent }
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

/** What goes both ways; the parent by its name there, and left out while it has none. */
function factsHere({ category, parent }: View): Facts {
  const { name, description, parent_id } = category
  const known = parent_id === null ? '0' : parent?.external_id
  return {
    name: plainText(name),
    description: plainText(description ?? ''),
    ...(known !== undefined && { parent: known }),
  }
}

/** What a category that is here says of itself. */
export async function factsOfOurs(ctx: Context, id: string): Promise<Facts> {
  const view = await viewOf(ctx, id)
  return view ? factsHere(view) : {}
}

/** Brings a category into step with WooCommerce, those above it first. */
export async function syncCategory(ctx: ProcessContext, sync: SyncRow, also: Also): Promise<Done> {
  const { direction: asked, topic } = sync.options
  const direction = (asked ?? ctx.settings.woocommerce_direction) as Direction
  const store = storeOf(ctx)
  const first = await ctx.read((tx) => viewOf(tx, sync.subject))
  if (!first) return archived(ctx, sync.subject, store)
  const view = await withParent(ctx, first, { direction, also })
  const { category, ref } = view
  const here = factsHere(view)
  const skip = (note: string): Done => {
    return { outcome: 'skipped', external_id: ref?.external_id ?? null, note }
  }
  const byEvent = asked === undefined && topic === undefined
  if (byEvent && ref?.snapshot && isUnchanged(here, ref.snapshot.here)) {
    return skip('nothing has changed here')
  }
  const known = ref && (await categoryById(store, ref.external_id))
  const like = { slug: category.slug, name: here.name ?? '', parent: Number(here.parent ?? 0) }
  const found = known ?? (await categoryLikeOurs(store, like))
  if (found) return inStep(ctx, { view, found, direction, store, also })
  if (direction === 'from_woocommerce') {
    if (asked !== undefined) throw wooErrors.category_missing({ slug: category.slug })
    return skip('WooCommerce does not have it')
  }
  // Somebody deleted it there: it comes back only if somebody asks for that.
  if (ref && asked === undefined) return skip('it was deleted in WooCommerce')
  const body = { ...like, description: here.description ?? '' }
  const made = await makeCategory(store, body)
  const commit = kept(view, made)
  return { outcome: 'created', external_id: String(made.id), fields: Object.keys(body), commit }
}

/** What is archived here stays there as it is; what becomes of it there is nobody’s business. */
async function archived(ctx: ProcessContext, entity_id: string, store: WooStore): Promise<Done> {
  const ref = await ctx.read((tx) => refOf(tx, 'category', entity_id))
  const external_id = ref?.external_id ?? null
  const done: Done = { outcome: 'skipped', external_id, note: 'it is archived here' }
  const remote = ref && (await categoryById(store, ref.external_id))
  if (!ref || !remote) return done
  const snapshot = { here: ref.snapshot?.here ?? {}, there: factsOfCategory(remote) }
  return { ...done, commit: async (tx) => void (await keepRef(tx, { ...ref, snapshot })) }
}

type Way = { direction: Direction; also: Also }

/** A category stands in one that WooCommerce has: else that one is sent before it. */
async function withParent(ctx: ProcessContext, view: View, { direction, also }: Way) {
  const { parent_id } = view.category
  if (parent_id === null || view.parent || direction === 'from_woocommerce') return view
  await before(also, { kind: 'category', subject: parent_id, options: BY_NEWS })
  return { ...view, parent: await ctx.read((tx) => refOf(tx, 'category', parent_id)) }
}

/** What has to be in step before something else is; while others are at it, that waits too. */
export async function before(also: Also, asked: Asked): Promise<void> {
  try {
    await also(asked)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new WooFault(`the category ${asked.subject}: ${error.message}`)
  }
}

type Found = Way & { view: View; found: WooCategory; store: WooStore }

async function inStep(ctx: ProcessContext, asked: Found): Promise<Done> {
  const { view, found, direction, store, also } = asked
  const here = factsHere(view)
  const there = factsOfCategory(found)
  const last = view.ref?.snapshot ?? null
  const here_at = view.category.updated_at
  const { push, pull } = reconcile({ here, there, last, here_at, there_at: null, direction })
  const body = Object.fromEntries(
    push.map((name) => [name, name === 'parent' ? Number(here.parent) : (here[name] ?? '')]),
  )
  if (pull.includes('parent') && found.parent > 0) {
    const known = await ctx.read((tx) => refNamed(tx, 'category', String(found.parent)))
    if (!known) await before(also, { kind: 'pull_category', subject: String(found.parent) })
  }
  const now = push.length > 0 ? await putCategory(store, found.id, body) : found
  const isBoth = push.length > 0 && pull.length > 0
  const outcome = isBoth ? 'merged' : pull.length > 0 ? 'pulled' : push.length > 0 && 'updated'
  return {
    outcome: outcome || 'skipped',
    external_id: String(found.id),
    fields: [...push, ...pull],
    note: outcome ? null : 'both say the same',
    commit: kept(view, now, pull),
  }
}

/** Writes here what WooCommerce is right about, and remembers what both sides have now. */
const kept =
  (view: View, remote: WooCategory, pulled: readonly string[] = []) =>
  async (ctx: Context): Promise<void> => {
    const { id } = view.category
    if (pulled.length > 0) await writeHere(ctx, view, { remote, pulled })
    const now = (await viewOf(ctx, id)) ?? view
    const { external_id } = await keepRef(
      ctx,
      {
        kind: 'category',
        entity_id: id,
        external_id: String(remote.id),
        snapshot: { here: factsHere(now), there: factsOfCategory(remote) },
        remote_modified_at: null,
      },
      view.ref?.external_id,
    )
    if (external_id === String(remote.id)) return
    throw new Error(`category ${id} is ${external_id} and ${remote.id} in WooCommerce`)
  }

type Pulled = { remote: WooCategory; pulled: readonly string[] }

async function writeHere(ctx: Context, { category }: View, { remote, pulled }: Pulled) {
  const { id, version } = category
  const now = await findCategory(ctx, id)
  if (now.version !== version) throw new WooFault('it was changed here meanwhile')
  const { name, description } = wordsOf(remote)
  const change = {
    ...(pulled.includes('name') && name && { name }),
    ...(pulled.includes('description') && { description }),
  }
  if (Object.keys(change).length > 0) await updateCategory(ctx, { id, ...change })
  if (!pulled.includes('parent')) return
  const parent_id = await parentHere(ctx, remote)
  if (parent_id !== undefined) await moveCategory(ctx, { id, parent_id })
}

/** What WooCommerce says of a category, as long as it may be here. */
export const wordsOf = ({ name, description }: WooCategory) => ({
  name: name.slice(0, NAME_LENGTH_MAX),
  description: description ? description.slice(0, DESCRIPTION_LENGTH_MAX) : null,
})

/** Where a category of WooCommerce stands here: null at the top, undefined where unknown. */
export async function parentHere(
  ctx: Context,
  { parent }: WooCategory,
): Promise<Id<'category'> | null | undefined> {
  if (parent === 0) return null
  const ref = await refNamed(ctx, 'category', String(parent))
  return ref && (ref.entity_id as string as Id<'category'>)
}
