import { plainText } from '../products/text.ts'
import { isMissing, WooFault, WooRefusal, type WooStore } from '../store.ts'
import type { Facts } from '../tables.ts'

/** What is read of a category of WooCommerce, which tells nobody when it was changed. */
export type WooCategory = {
  id: number
  name: string
  slug: string
  /** 0 at the top. */
  parent: number
  description: string
}

/** Where WooCommerce files what is in no category: it has always one, and it says nothing. */
export const DEFAULT_SLUG = 'uncategorized'

/** Reads what WooCommerce answered; half an answer is none. */
export function readCategory(answer: unknown): WooCategory {
  const said = (answer ?? {}) as Record<string, unknown>
  const id = Number(said.id)
  if (!Number.isSafeInteger(id) || id < 1) throw new WooFault('it told a category without an id')
  const text = (name: string) => (typeof said[name] === 'string' ? (said[name] as string) : '')
  return {
    id,
    name: plainText(text('name')),
    slug: text('slug'),
    parent: Number(said.parent ?? 0) || 0,
    description: plainText(text('description')),
  }
}

/** What goes both ways, as WooCommerce has it. */
export const factsOfCategory = ({ name, description, parent }: WooCategory): Facts => ({
  name,
  description,
  parent: String(parent),
})

const PATH = 'products/categories'

/** A category; undefined if it is there no more. */
export async function categoryById(
  store: WooStore,
  id: string | number,
): Promise<WooCategory | undefined> {
  try {
    return readCategory(await store.call({ method: 'get', path: `${PATH}/${id}` }))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const LIST_MAX = 100

/** The categories that a question names, by their ids; at most `pages` hundreds of them. */
export async function categoriesOf(
  store: WooStore,
  asked: Record<string, string | number>,
  pages: number,
): Promise<WooCategory[]> {
  const found: WooCategory[] = []
  for (let page = 1; page <= pages; page++) {
    const query = { per_page: LIST_MAX, page, orderby: 'id', order: 'asc', ...asked }
    const rows = await store.call({ method: 'get', path: PATH, query })
    if (!Array.isArray(rows)) throw new WooFault('it told no list of categories')
    found.push(...rows.map(readCategory))
    if (rows.length < LIST_MAX) break
  }
  return found
}

/** Hundreds of siblings among which one of the same name is looked for. */
const SIBLING_PAGES_MAX = 5

type Like = { slug: string; name: string; parent: number }

/** The category that ours is there, if nobody knows its id: by slug, else by name and place. */
export async function categoryLikeOurs(
  store: WooStore,
  { slug, name, parent }: Like,
): Promise<WooCategory | undefined> {
  const [same] = await categoriesOf(store, { slug }, 1)
  if (same) return same
  // Its own search compares with names as HTML, and would not find «Cups & lids».
  const siblings = await categoriesOf(store, { parent }, SIBLING_PAGES_MAX)
  return siblings.find((one) => one.name === name && one.parent === parent)
}

/**
 * Makes a category. WooCommerce takes no second one of the same name and slug in one place: one
 * that was made by a call whose answer was lost is found, and not made twice.
 */
export async function makeCategory(store: WooStore, body: Like & object): Promise<WooCategory> {
  try {
    return readCategory(await store.call({ method: 'post', path: PATH, body }))
  } catch (error) {
    if (!(error instanceof WooRefusal && error.code === 'term_exists')) throw error
    const there = await categoryLikeOurs(store, body)
    if (!there) throw error
    return there
  }
}

/** Changes a category; one that was deleted meanwhile is looked for anew at the next try. */
export async function putCategory(store: WooStore, id: number, body: object): Promise<WooCategory> {
  try {
    return readCategory(await store.call({ method: 'put', path: `${PATH}/${id}`, body }))
  } catch (error) {
    throw isMissing(error) ? new WooFault('it was deleted there meanwhile') : error
  }
}
