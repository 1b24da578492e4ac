import { createHash } from 'node:crypto'
import { findProduct, type Product, productAfter, type Variant } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { categoriesHere, categoryBody } from '../categories/of-products.ts'
import { refOf } from '../refs.ts'
import type { Facts, RefRow } from '../tables.ts'
import {
  type Group,
  hasChoices,
  newProductBody,
  productBody,
  REPLACED,
  variationBody,
} from './bodies.ts'
import { factsHere, priceHere } from './facts.ts'

/** One thing of ours that is one in WooCommerce: a product, or a variant of one with choices. */
export type Part = {
  /** Null for the product itself. */
  variant: Variant | null
  entity_id: string
  sku: string
  ref: RefRow | undefined
  /** What goes both ways. */
  facts: Facts
  body: Record<string, unknown>
  /** The same with all that it is made with: at first there is no stock that could be wrong. */
  birth: Record<string, unknown>
  /** A digest of all that goes out, but for the stock: whether anything is to be told. */
  digest: string
  /** A digest of each member that is sent only when it changes here, as the snapshot has it. */
  replaced: Record<string, string>
}

/** A product as it is here, with what is known of its counterparts. */
export type View = { product: Product; head: Part; variations: Part[]; wants: Wants }
type Wanted = (group: Group) => boolean
/** Which groups of facts go out, and which when a thing is made. */
export type Wants = { always: Wanted; atBirth: Wanted }

/** Reads a product of ours. Throws `product_not_found`. */
export async function viewOf(ctx: Context, product_ref: string, wants: Wants): Promise<View> {
  const { id } = await findProduct(ctx, product_ref)
  const product = await productAfter(ctx, id)
  const variations = hasChoices(product) ? product.variants : []
  const whole = (group: Group) => group !== 'inventory'
  const told = productBody(ctx, product, whole)
  const categories = await categoriesHere(ctx, product.category_ids)
  const placed = { categories: categoryBody(categories) }
  const head: Part = {
    variant: null,
    entity_id: id,
    sku: String(told.sku ?? product.sku),
    ref: await refOf(ctx, 'product', id),
    facts: { ...factsHere(ctx, product), categories },
    body: { ...productBody(ctx, product, wants.always), ...placed },
    birth: { ...productBody(ctx, product, wants.atBirth), ...newProductBody(product), ...placed },
    digest: digestOf(told),
    replaced: replacedIn(told),
  }
  const parts: Part[] = []
  for (const variant of variations) {
    const told = variationBody(ctx, variant, whole)
    parts.push({
      variant,
      entity_id: variant.id,
      sku: variant.sku,
      ref: await refOf(ctx, 'variant', variant.id),
      facts: priceHere(ctx, variant),
      body: variationBody(ctx, variant, wants.always),
      birth: variationBody(ctx, variant, wants.atBirth),
      digest: digestOf(told),
      replaced: replacedIn(told),
    })
  }
  return { product, head, variations: parts, wants }
}

const digestOf = (body: object): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32)

const replacedIn = (told: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    REPLACED.flatMap((name) => {
      const value = told[name]
      return value === undefined ? [] : [[`told ${name}`, digestOf([value])]]
    }),
  )

/** Whether a member that is sent only when it changes is as it was told last. */
export const isSent = ({ ref, replaced }: Part, name: string): boolean =>
  ref?.snapshot?.here[`told ${name}`] === replaced[`told ${name}`]

/** Whether all that goes out is as it was told last. */
export const isTold = ({ ref, digest }: Part): boolean => ref?.snapshot?.here.digest === digest
