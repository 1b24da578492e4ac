import type { Context } from '#platform/context'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { isKnown } from './categories/pull-category.ts'
import { categoriesOf, DEFAULT_SLUG, type WooCategory } from './categories/remote.ts'
import type { SyncKind } from './lifecycle.ts'
import { readOrder } from './orders/remote.ts'
import { readProduct } from './products/remote.ts'
import { refNamed } from './refs.ts'
import { isWooConfigured, namesWooShop, storeOf, WooFault } from './store.ts'
import { askForSync } from './syncs.ts'
import { db } from './tables.ts'

const PAGE = 50
/** Requests of one pull; the rest is asked for at the next. */
const REQUESTS_MAX = 200

type Seen = { id: number; modified_at: string | null }
type Resource = {
  name: 'products' | 'orders'
  kind: SyncKind
  read: (answer: unknown) => Seen
  /** Whether what was there before the first pull is taken over too. */
  fromTheBeginning: boolean
}
const RESOURCES: readonly Resource[] = [
  { name: 'products', kind: 'pull_product', read: readProduct, fromTheBeginning: true },
  { name: 'orders', kind: 'pull_order', read: readOrder, fromTheBeginning: false },
]

/** Asks WooCommerce what has changed: what a webhook that never arrived would have told. */
export const wooPull: Schedule = {
  name: 'woocommerce.pull',
  every_ms: (settings) => settings.woocommerce_pull_interval_ms,
  wanted: (settings) =>
    namesWooShop(settings) && settings.woocommerce_direction !== 'to_woocommerce',
  run: async (ctx) => void (await pullChanges(ctx)),
}

/** Has everything looked at that changed since the last time; answers how much that is. */
export async function pullChanges(ctx: ProcessContext): Promise<number> {
  if (!isWooConfigured(ctx) || ctx.settings.woocommerce_direction === 'to_woocommerce') return 0
  let found = await pullCategories(ctx)
  for (const resource of RESOURCES) found += await pull(ctx, resource)
  return found
}

/** Hundreds of categories that are looked through in one pull. */
const CATEGORY_PAGES_MAX = 20

/**
 * WooCommerce tells nobody when a category was changed, and has no webhook for it: so all of them
 * are read, and those looked at that do not say what they said. Those above come first.
 */
async function pullCategories(ctx: ProcessContext): Promise<number> {
  const all = await categoriesOf(storeOf(ctx), {}, CATEGORY_PAGES_MAX)
  const listed = parentsFirst(all.filter(({ slug }) => slug !== DEFAULT_SLUG))
  let asked = 0
  for (let from = 0; from < listed.length; from += PAGE) {
    const some = listed.slice(from, from + PAGE)
    asked += await ctx.transaction((tx) => askForChanged(tx, some), 'read committed')
  }
  return asked
}

async function askForChanged(ctx: Context, some: readonly WooCategory[]): Promise<number> {
  let asked = 0
  for (const one of some) {
    const subject = String(one.id)
    const ref = await refNamed(ctx, 'category', subject)
    if (ref && isKnown(ref, one)) continue
    await askForSync(ctx, { kind: 'pull_category', subject })
    asked++
  }
  return asked
}

function parentsFirst(all: readonly WooCategory[]): WooCategory[] {
  const below = Map.groupBy(all, ({ parent }) => parent)
  const ids = new Set(all.map(({ id }) => id))
  const found = all.filter(({ parent }) => !ids.has(parent))
  for (const one of found) found.push(...(below.get(one.id) ?? []))
  return found
}

/**
 * Reads on from the stored instant, always the first page after it: pages counted on would move
 * under us, because what is changed meanwhile goes to their end. WooCommerce tells whole seconds,
 * so the last one is asked for again, and further pages only where a second fills more than one.
 */
async function pull(ctx: ProcessContext, resource: Resource): Promise<number> {
  let after = await ctx.transaction((tx) => cursorOf(tx, resource), 'read committed')
  const seen = new Set<string>()
  let page = 1
  let found = 0
  for (let request = 0; request < REQUESTS_MAX; request++) {
    const rows = await changedAfter(ctx, resource, { after, page })
    const fresh = rows.filter(({ id, modified_at }) => !seen.has(`${id} ${modified_at}`))
    for (const { id, modified_at } of fresh) seen.add(`${id} ${modified_at}`)
    const newest = rows.at(-1)?.modified_at ?? after
    found += await ctx.transaction((tx) => keep(tx, resource, { fresh, newest }), 'read committed')
    if (rows.length < PAGE) return found
    page = newest > after && fresh.length > 0 ? 1 : page + 1
    if (page === 1) after = newest
  }
  return found
}

type At = { after: string; page: number }

async function changedAfter(ctx: ProcessContext, { name, read }: Resource, { after, page }: At) {
  const from = new Date(Date.parse(after) - 1000).toISOString().slice(0, 19)
  const query = {
    modified_after: from,
    dates_are_gmt: true,
    orderby: 'modified',
    order: 'asc',
    per_page: PAGE,
    page,
  }
  const rows = await storeOf(ctx).call({ method: 'get', path: name, query })
  if (!Array.isArray(rows)) throw new WooFault(`it told no list of ${name}`)
  return rows.map(read)
}

async function cursorOf(ctx: Context, { name, fromTheBeginning }: Resource): Promise<string> {
  const known = await db(ctx)
    .selectFrom('woo_cursors')
    .select('modified_after')
    .where('resource', '=', name)
    .executeTakeFirst()
  if (known) return known.modified_after
  const modified_after = fromTheBeginning ? '2000-01-01T00:00:00.000Z' : ctx.now
  await db(ctx)
    .insertInto('woo_cursors')
    .values({ resource: name, modified_after, updated_at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return modified_after
}

type Found = { fresh: readonly Seen[]; newest: string }

/** What is new is asked for and the cursor goes on, both or neither. */
async function keep(
  ctx: Context,
  { name, kind }: Resource,
  { fresh, newest }: Found,
): Promise<number> {
  let asked = 0
  for (const { id, modified_at } of fresh) {
    const subject = String(id)
    const ref = await refNamed(ctx, kind === 'pull_order' ? 'order' : 'product', subject)
    if (ref && ref.remote_modified_at === modified_at) continue
    await askForSync(ctx, { kind, subject })
    asked++
  }
  await db(ctx)
    .updateTable('woo_cursors')
    .set({ modified_after: newest, updated_at: ctx.now })
    .where('resource', '=', name)
    .where('modified_after', '<', newest)
    .execute()
  return asked
}
