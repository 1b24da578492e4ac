import type { Id } from '#kit/ids'
import {
  type CreateProduct,
  createProduct,
  createVariant,
  type NewVariant,
  type Product,
  updateProduct,
} from '#modules/catalogue'
import type { Context } from '#platform/context'
import { categoriesTaken, categoriesThere } from '../categories/of-products.ts'
import { keepRef } from '../refs.ts'
import type { WooStore } from '../store.ts'
import type { Facts } from '../tables.ts'
import { changeOf, NAME_LENGTH_MAX } from './commit-product.ts'
import { factsThere, priceThere } from './facts.ts'
import { variationsOf, type WooAttribute, type WooProduct } from './remote.ts'
import { isTold, type Part, viewOf } from './view.ts'

/** Variations of one product that come over; one with more is left to people. */
const VARIATIONS_MAX = 100

/** A product that only WooCommerce has, with its variations where it has any. */
export type ProductNews = { found: WooProduct; variants: readonly VariantNews[] }
type VariantNews = { found: WooProduct; variant: NewVariant }
type Settled = Pick<Context, 'settings'>

export const fieldsOf = ({ variants }: ProductNews): string[] => [
  'name',
  'description',
  'status',
  'regular_price',
  ...(variants.length > 0 ? ['attributes', 'variations'] : []),
]

/** What is to be made of a product; or a sentence that says why it does not come over. */
export async function productNews(
  ctx: Settled,
  store: WooStore,
  found: WooProduct,
): Promise<ProductNews | string> {
  if (found.type === 'simple') {
    if (found.sku === '') return 'it has no SKU'
    if (priceThere(ctx, found).regular_price === undefined) return 'it has no price'
    return { found, variants: [] }
  }
  if (found.type !== 'variable') return `only simple and variable ones come over, not ${found.type}`
  const all = await variationsOf(store, found.id, VARIATIONS_MAX + 1)
  if (all.length > VARIATIONS_MAX) return `it has more than ${VARIATIONS_MAX} variations`
  // One that is switched off there is `private`.
  const open = all.filter(({ status }) => status !== 'private')
  if (open.length === 0) return 'it has no variations'
  // Here that would be a product without choices, and be told so.
  if (open.length === 1) return 'it has one variation only'
  const variants: VariantNews[] = []
  for (const variation of open) {
    const variant = variantNews(ctx, variation)
    if (typeof variant === 'string') return `variation ${variation.id}: ${variant}`
    variants.push({ found: variation, variant })
  }
  const skus = new Set(variants.map(({ variant }) => variant.sku.toLowerCase()))
  // A variation without a SKU of its own tells that of its product.
  if (skus.size < variants.length) return 'its variations have no SKUs of their own'
  return { found, variants }
}

/** What is to be made of a variation; or a sentence that says why it does not come over. */
export function variantNews(ctx: Settled, found: WooProduct): NewVariant | string {
  const { regular_price: price } = priceThere(ctx, found)
  if (found.sku === '') return 'it has no SKU'
  if (price === undefined) return 'it has no price'
  const named = found.attributes.filter(({ name }) => name !== '')
  const any = named.find(({ option }) => option === '')
  if (any) return `it stands for any «${any.name}»`
  if (named.length === 0) return 'it has no attributes'
  const options = Object.fromEntries(named.map(({ name, option }) => [name, option]))
  const name = Object.values(options).join(' / ').slice(0, NAME_LENGTH_MAX)
  return { sku: found.sku, name, price, options }
}

/** Puts a product into the catalogue that only WooCommerce had. */
export async function makeHere(ctx: Context, news: ProductNews): Promise<void> {
  const { found } = news
  const places = categoriesThere(found.categories ?? [])
  const category_ids = await categoriesTaken(ctx, [], places)
  const wanted = { ...productOf(ctx, news), ...(category_ids.length > 0 && { category_ids }) }
  const { id } = await createProduct(ctx, wanted)
  const { head, variations, product } = await viewOf(ctx, id, ALL)
  await keepPart(ctx, head, { found, facts: factsThere(ctx, found) })
  const bySku = new Map(variations.map((part) => [part.sku.toLowerCase(), part]))
  for (const { found: variation } of news.variants) {
    const part = bySku.get(variation.sku.toLowerCase())
    if (part) await keepVariation(ctx, part, variation)
  }
  const [only] = product.variants
  if (variations.length > 0 || !only) return
  const ref = { external_id: String(found.id), remote_modified_at: found.modified_at }
  await keepRef(ctx, { ...ref, kind: 'variant', entity_id: only.id, snapshot: null })
}

const ALL = { always: () => true, atBirth: () => true }

/**
 * Adds a variant to a product that WooCommerce has more variations of, with the choice it makes.
 */
export async function addHere(
  ctx: Context,
  product_id: Id<'product'>,
  { found, variant }: VariantNews,
): Promise<void> {
  const options = variant.options ?? {}
  const before = await viewOf(ctx, product_id, ALL)
  await offerChoices(ctx, before.product, options)
  const { id } = await createVariant(ctx, { ...variant, id: product_id, options })
  const { head, variations } = await viewOf(ctx, product_id, ALL)
  if (isTold(before.head)) await countAsTold(ctx, head)
  const part = variations.find(({ entity_id }) => entity_id === id)
  if (part) await keepVariation(ctx, part, found)
}

/** Lists what a new variant is among what variants of its product can be. */
async function offerChoices(ctx: Context, product: Product, taken: Record<string, string>) {
  const options = product.options.map(({ name, choices }) => {
    const choice = taken[name]
    const isNew = choice !== undefined && !choices.includes(choice)
    return { name, choices: isNew ? [...choices, choice] : choices }
  })
  const { id } = product
  if (options.some(({ choices }, nth) => choices.length !== product.options[nth]?.choices.length)) {
    await updateProduct(ctx, { id, options })
  }
}

/** What the product tells now came from there with its new variation. */
async function countAsTold(ctx: Context, { ref, digest, replaced }: Part): Promise<void> {
  if (!ref?.snapshot) return
  const { here, there } = ref.snapshot
  await keepRef(ctx, { ...ref, snapshot: { here: { ...here, digest, ...replaced }, there } })
}

const keepVariation = (ctx: Context, part: Part, found: WooProduct): Promise<void> =>
  keepPart(ctx, part, { found, facts: priceThere(ctx, found) })

/**
 * Both are in step, and what only goes out counts as told: else the first change here would write
 * over what was never read of it, and have its pictures fetched from where they already are.
 */
async function keepPart(ctx: Context, part: Part, there: { found: WooProduct; facts: Facts }) {
  const { variant, entity_id, facts, digest, replaced } = part
  const { found } = there
  await keepRef(ctx, {
    kind: variant ? 'variant' : 'product',
    entity_id,
    external_id: String(found.id),
    parent_external_id: found.parent_id ? String(found.parent_id) : null,
    snapshot: { here: { ...facts, digest, ...replaced }, there: there.facts },
    remote_modified_at: found.modified_at,
  })
}

function productOf(ctx: Context, { found, variants }: ProductNews): CreateProduct {
  const facts = factsThere(ctx, found)
  const { description, is_active = true } = changeOf(facts, ['description', 'status'])
  const images = [
    ...found.images.map(({ src }) => ({ url: src })),
    ...variants.flatMap(({ found: variation, variant }) =>
      variation.images.slice(0, 1).map(({ src }) => ({ url: src, variant_id: variant.sku })),
    ),
  ]
  const own = found.sku.toLowerCase()
  const isOwn = !variants.some(({ variant }) => variant.sku.toLowerCase() === own)
  return {
    name: (facts.name || found.sku || `Product ${found.id}`).slice(0, NAME_LENGTH_MAX),
    ...(found.sku !== '' && isOwn && { sku: found.sku }),
    currency: ctx.settings.default_currency,
    description: description ?? null,
    is_active,
    ...(variants.length === 0
      ? { price: facts.regular_price ?? '0' }
      : { variants: variants.map(({ variant }) => variant), options: optionsOf(found, variants) }),
    ...(images.length > 0 && { images }),
  }
}

/** What its variants differ in, in the order of the product there: the choices that are taken. */
function optionsOf({ attributes }: WooProduct, variants: readonly VariantNews[]) {
  const taken = new Map<string, Set<string>>()
  for (const { variant } of variants) {
    for (const [name, choice] of Object.entries(variant.options ?? {})) {
      taken.set(name, (taken.get(name) ?? new Set()).add(choice))
    }
  }
  const said = new Map(attributes.map((attribute) => [attribute.name, attribute]))
  const order = [...said.keys()]
  return [...taken]
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([name, choices]) => ({ name, choices: inOrder(choices, said.get(name)) }))
}

const inOrder = (choices: ReadonlySet<string>, said: WooAttribute | undefined): string[] => {
  const order = said?.options ?? []
  return [...choices].toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
}
