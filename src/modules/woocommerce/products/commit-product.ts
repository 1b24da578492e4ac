import { findProduct, type UpdateProduct, updateProduct, updateVariant } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { categoriesTaken } from '../categories/of-products.ts'
import { keepRef, refOf } from '../refs.ts'
import { WooFault } from '../store.ts'
import type { Facts, Snapshot } from '../tables.ts'
import type { Stepped } from './step.ts'
import { type Part, type View, viewOf } from './view.ts'

/**
 * Writes here what WooCommerce is right about, and remembers what both sides have now. What was
 * changed here meanwhile is not written over: then all of it is looked at once more.
 */
export async function commitProduct(
  ctx: Context,
  view: View,
  steps: readonly Stepped[],
): Promise<void> {
  const isPulled = steps.some(({ pulled }) => pulled.length > 0)
  if (isPulled) await writeHere(ctx, view, steps)
  const now = isPulled ? await viewOf(ctx, view.product.id, view.wants) : view
  const parts = new Map([now.head, ...now.variations].map((part) => [part.entity_id, part]))
  const parent = String(steps[0]?.remote.id)
  for (const one of steps) {
    const part = parts.get(one.part.entity_id) ?? one.part
    await keepRef(
      ctx,
      {
        kind: part.variant ? 'variant' : 'product',
        entity_id: part.entity_id,
        external_id: String(one.remote.id),
        parent_external_id: part.variant ? parent : null,
        snapshot: snapshotOf(one, part),
        remote_modified_at: one.remote.modified_at,
      },
      part.ref?.external_id,
    )
  }
  if (now.variations.length === 0) await keepSole(ctx, now, steps[0])
}

async function writeHere(ctx: Context, { product }: View, steps: readonly Stepped[]) {
  const now = await findProduct(ctx, product.id)
  if (now.version !== product.version) throw new WooFault('it was changed here meanwhile')
  for (const { part, there, pulled } of steps) {
    const price = pulled.includes('regular_price') ? there.regular_price : undefined
    if (part.variant) {
      if (price !== undefined) await updateVariant(ctx, { variant_id: part.variant.id, price })
    } else if (pulled.length > 0) {
      const places = pulled.includes('categories') && {
        category_ids: await categoriesTaken(ctx, product.category_ids, there.categories ?? ''),
      }
      await updateProduct(ctx, { id: product.id, ...changeOf(there, pulled), ...places })
    }
  }
}

const DESCRIPTION_LENGTH_MAX = 2000
export const NAME_LENGTH_MAX = 255

/** What WooCommerce is right about, as a change of a product of ours. */
export function changeOf(there: Facts, pulled: readonly string[]): Omit<UpdateProduct, 'id'> {
  const { name, description, status, regular_price: price } = there
  const has = (fact: string) => pulled.includes(fact)
  return {
    ...(has('name') && name && { name: name.slice(0, NAME_LENGTH_MAX) }),
    ...(has('description') && {
      description: description ? description.slice(0, DESCRIPTION_LENGTH_MAX) : null,
    }),
    ...(has('status') && { is_active: status === 'publish' }),
    ...(has('regular_price') && price !== undefined && { price }),
  }
}

/** What both sides have now, over what was known of facts that were not compared this time. */
function snapshotOf(one: Stepped, part: Part): Snapshot {
  const { there, told } = one
  const last = part.ref?.snapshot
  const digest = told ? part.digest : (last?.here.digest ?? '')
  const sent = one.made ? part.birth : part.body
  const replaced = Object.entries(part.replaced).filter(
    ([name]) => told && sent[name.replace('told ', '')] !== undefined,
  )
  const stock = part.variant ? stockOf(one) : undefined
  return {
    here: {
      ...last?.here,
      ...part.facts,
      ...stock?.here,
      digest,
      ...Object.fromEntries(replaced),
    },
    there: { ...last?.there, ...there, ...stock?.there },
  }
}

/** The stock that was told with the rest of a part. */
function stockOf({ part, made, remote }: Stepped): Snapshot | undefined {
  const { stock_quantity } = made ? part.birth : part.body
  if (typeof stock_quantity !== 'number') return undefined
  const name = 'stock_quantity'
  return {
    here: { [name]: String(stock_quantity) },
    there: { [name]: String(remote.stock_quantity) },
  }
}

/** A product without choices is, there, its only variant too. */
async function keepSole(ctx: Context, { product }: View, whole: Stepped | undefined) {
  const [variant] = product.variants
  if (!variant || !whole) return
  const ref = await refOf(ctx, 'variant', variant.id)
  const last = ref?.snapshot
  const stock = stockOf(whole)
  await keepRef(
    ctx,
    {
      kind: 'variant',
      entity_id: variant.id,
      external_id: String(whole.remote.id),
      snapshot: {
        here: { ...last?.here, ...stock?.here },
        there: { ...last?.there, ...stock?.there },
      },
      remote_modified_at: whole.remote.modified_at,
    },
    ref?.external_id,
  )
}
