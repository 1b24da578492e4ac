import type { ProcessContext } from '#platform/processes'
import type { Direction } from '../lifecycle.ts'
import { reconcile } from '../reconcile.ts'
import { isMissing, WooFault, WooRefusal, type WooStore } from '../store.ts'
import type { Facts } from '../tables.ts'
import { REPLACED } from './bodies.ts'
import { factsThere, priceThere } from './facts.ts'
import { pathOf, productById, productBySku, readProduct, type WooProduct } from './remote.ts'
import { isSent, isTold, type Part } from './view.ts'

/** What a part has there after a step, and what is to be written here. */
export type Stepped = {
  part: Part
  remote: WooProduct
  there: Facts
  made: boolean
  /** Whether WooCommerce knows all that goes out. */
  told: boolean
  pushed: string[]
  pulled: string[]
}

type How = {
  store: WooStore
  direction: Direction
  /** When the product here was last changed. */
  here_at: string
  /** The id there of the product that a variation belongs to. */
  parent?: number
  found: WooProduct | undefined
}

/** The counterpart of a part: by the id that is known, else by SKU. */
export async function findThere(
  store: WooStore,
  { ref, sku }: Part,
  parent?: number,
): Promise<{ found: WooProduct | undefined; isGone: boolean }> {
  const known = ref && (await productById(store, ref.external_id, parent))
  if (known) return { found: known, isGone: false }
  return { found: await productBySku(store, sku), isGone: ref !== undefined }
}

/** Brings one part into step there, and says what is to be written here. */
export async function step(ctx: ProcessContext, part: Part, how: How): Promise<Stepped> {
  const { found, store, parent } = how
  if (!found) return made(ctx, part, await create(store, part, parent))
  const there = factsOf(ctx, part, found)
  const { push, pull } = reconcile({
    here: part.facts,
    there,
    last: part.ref?.snapshot ?? null,
    here_at: how.here_at,
    there_at: found.modified_at,
    direction: how.direction,
  })
  const body = changes(part, push, how.direction)
  const pushed = Object.keys(body)
  const told = isTold(part) || how.direction !== 'from_woocommerce'
  const before = { part, made: false, told, pulled: pull }
  if (pushed.length === 0) return { ...before, remote: found, there, pushed }
  const remote = readProduct(await put(store, pathOf(found.id, parent), body))
  return { ...before, remote, there: factsOf(ctx, part, remote), pushed }
}

/** What was deleted between the look and the write is looked for anew at the next try. */
async function put(store: WooStore, path: string, body: object): Promise<unknown> {
  try {
    return await store.call({ method: 'put', path, body })
  } catch (error) {
    throw isMissing(error) ? new WooFault('it was deleted there meanwhile') : error
  }
}

const factsOf = (ctx: ProcessContext, { variant }: Part, remote: WooProduct): Facts =>
  variant ? priceThere(ctx, remote) : factsThere(ctx, remote)

const made = (ctx: ProcessContext, part: Part, remote: WooProduct): Stepped => ({
  part,
  remote,
  there: factsOf(ctx, part, remote),
  made: true,
  told: true,
  pushed: Object.keys(part.birth),
  pulled: [],
})

/**
 * Makes a part there. Its SKU is unique there: one that was made by a call whose answer was lost is
 * found by it, and not made twice.
 */
async function create(store: WooStore, part: Part, parent?: number): Promise<WooProduct> {
  const path = parent === undefined ? 'products' : `products/${parent}/variations`
  try {
    return readProduct(await store.call({ method: 'post', path, body: part.birth }))
  } catch (error) {
    if (!(error instanceof WooRefusal && error.code === 'product_invalid_sku')) throw error
    const there = await productBySku(store, part.sku)
    if (!there) throw error
    return there
  }
}

/** What goes only out is sent when any of it changed; of what goes both ways, what wins. */
function changes(part: Part, push: readonly string[], direction: Direction) {
  if (direction === 'from_woocommerce') return {}
  const both = new Set(Object.keys(part.facts))
  const isAll = !isTold(part) || part.body.manage_stock !== undefined
  const isGoing = (name: string): boolean => {
    if (both.has(name)) return push.includes(name)
    return replaced.has(name) ? !isSent(part, name) : isAll
  }
  return Object.fromEntries(Object.entries(part.body).filter(([name]) => isGoing(name)))
}
const replaced = new Set<string>(REPLACED)
