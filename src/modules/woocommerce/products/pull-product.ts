import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { findProduct, findVariant, variantsNamed } from '#modules/catalogue'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { takeCategories } from '../categories/of-products.ts'
import { isUnchanged } from '../reconcile.ts'
import { refNamed } from '../refs.ts'
import { storeOf } from '../store.ts'
import { askForSync, setOptions } from '../syncs.ts'
import type { RefRow, SyncRow } from '../tables.ts'
import type { Also, Done } from '../work.ts'
import { factsThere, priceThere } from './facts.ts'
import { addHere, fieldsOf, makeHere, productNews, variantNews } from './make-here.ts'
import { productById, type WooProduct } from './remote.ts'
import { BY_NEWS } from './sync-product.ts'

/** Looks at a product or variation of which WooCommerce said, or we saw, that it changed. */
export async function pullProduct(
  ctx: ProcessContext,
  { subject }: SyncRow,
  also: Also,
): Promise<Done> {
  const external_id = subject
  const skip = (note: string): Done => ({ outcome: 'skipped', external_id, note })
  const store = storeOf(ctx)
  const found = await productById(store, external_id)
  if (!found) return skip('WooCommerce does not have it any more')
  const known = await ctx.read((tx) => knownAs(tx, found))
  if (known?.isNewVariation) return added(ctx, found, known.product_id)
  if (known) {
    const why = whyOld(ctx, known.ref, found)
    if (why) return skip(why)
    const commit = (tx: Context) => lookAgain(tx, known.product_id)
    return { outcome: 'updated', external_id, note: 'its product is looked at', commit }
  }
  if (ctx.settings.woocommerce_direction === 'to_woocommerce') return skip('it is unknown here')
  const news = await productNews(ctx, store, found)
  if (typeof news === 'string') return skip(news)
  await takeCategories(ctx, found, also)
  const commit = (tx: Context) => makeHere(tx, news)
  return { outcome: 'created', external_id, fields: fieldsOf(news), commit }
}

/** A variation that somebody added there to a product that is here becomes a variant of it. */
function added(ctx: ProcessContext, found: WooProduct, product_id: Id<'product'>): Done {
  const external_id = String(found.id)
  const skip = (note: string): Done => ({ outcome: 'skipped', external_id, note })
  if (ctx.settings.woocommerce_direction === 'to_woocommerce') return skip('it is unknown here')
  if (found.status === 'private') return skip('it is switched off there')
  const variant = variantNews(ctx, found)
  if (typeof variant === 'string') return skip(variant)
  const commit = (tx: Context) => addHere(tx, product_id, { found, variant })
  return { outcome: 'created', external_id, fields: ['sku', 'regular_price', 'attributes'], commit }
}

type Known = { product_id: Id<'product'>; ref: RefRow | undefined; isNewVariation?: boolean }

/** Whose counterpart it is: by the id that is known, else by SKU. */
async function knownAs(ctx: Context, found: WooProduct): Promise<Known | undefined> {
  const isVariation = found.parent_id !== 0
  const ref = await refNamed(ctx, isVariation ? 'variant' : 'product', String(found.id))
  const whole = isVariation ? await refNamed(ctx, 'product', String(found.parent_id)) : ref
  const [variant] = found.sku === '' ? [] : await variantsNamed(ctx, found.sku)
  if (whole) {
    const isNewVariation = isVariation && !ref && !variant
    return { product_id: whole.entity_id as string as Id<'product'>, ref, isNewVariation }
  }
  if (found.sku === '') return undefined
  if (variant) return { product_id: (await findVariant(ctx, variant)).product_id, ref }
  const product = await productNamed(ctx, found.sku)
  return product && { product_id: product.id, ref }
}

async function productNamed(ctx: Context, sku: string) {
  try {
    return await findProduct(ctx, sku)
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

/** News that we know already, or that are older than what we know, change nothing. */
function whyOld(
  ctx: ProcessContext,
  ref: RefRow | undefined,
  found: WooProduct,
): string | undefined {
  const seen = ref?.remote_modified_at
  if (!ref || !seen || !found.modified_at) return undefined
  if (found.modified_at < seen) return 'it is older than what is known'
  const facts = found.parent_id ? priceThere(ctx, found) : factsThere(ctx, found)
  const last = ref.snapshot?.there ?? {}
  const told = Object.fromEntries(Object.keys(facts).map((name) => [name, last[name] ?? '']))
  return isUnchanged(facts, told) ? 'nothing in it is new' : undefined
}

/** The product is brought into step by the sync that does nothing else, one at a time. */
async function lookAgain(ctx: Context, product_id: string): Promise<void> {
  const { sync } = await askForSync(
    ctx,
    { kind: 'product', subject: product_id, options: BY_NEWS },
    0,
  )
  await setOptions(ctx, sync.id, { ...sync.options, ...BY_NEWS })
}
