import type { Product, Variant } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { priceHere } from './facts.ts'

/** Groups of facts that whoever asks for a sync may leave out. */
export const GROUPS = ['inventory', 'images', 'metadata'] as const
export type Group = (typeof GROUPS)[number]
type Wants = (group: Group) => boolean
type Body = Record<string, unknown>

/** The meta that tells a product of WooCommerce which one it is here. */
export const PRODUCT_META = '_tradepost_product_id'

export const hasChoices = ({ variants_total }: Product): boolean => variants_total > 1

/** All that a product is in WooCommerce, but for its variations. */
export function productBody(ctx: Pick<Context, 'settings'>, product: Product, wants: Wants): Body {
  const [variant] = product.variants
  const body: Body = {
    type: hasChoices(product) ? 'variable' : 'simple',
    name: product.name,
    ...skuOf(product),
    description: product.description ?? '',
    ...(product.meta_description !== null && { short_description: product.meta_description }),
    status: product.status === 'active' ? 'publish' : 'draft',
    virtual: product.is_digital,
  }
  if (hasChoices(product)) body.attributes = attributesOf(product)
  else if (variant) Object.assign(body, sellingBody(ctx, variant, wants))
  if (wants('images')) body.images = imagesOf(product)
  if (wants('metadata')) body.meta_data = metaOf(product)
  return body
}

/**
 * What WooCommerce puts in place of all that it has: pictures, which it fetches anew, and
 * attributes, of which people add some there. They are sent when they change here, and only then.
 */
export const REPLACED = ['images', 'image', 'attributes'] as const

/** What only a new product is told: a page whose address changed would be found no more. */
export const newProductBody = ({ slug }: Product): Body => (slug === null ? {} : { slug })

/** WooCommerce has one SKU for one thing; the product of many variants may go without. */
function skuOf(product: Product): Body {
  const [variant] = product.variants
  if (!hasChoices(product)) return { sku: variant?.sku ?? product.sku }
  const isVariants = product.variants.some(({ sku }) => sku === product.sku)
  return isVariants ? {} : { sku: product.sku }
}

/** All that a variant with choices is in WooCommerce. */
export function variationBody(
  ctx: Pick<Context, 'settings'>,
  variant: Variant,
  wants: Wants,
): Body {
  const attributes = Object.entries(variant.options).map(([name, option]) => ({ name, option }))
  return {
    sku: variant.sku,
    attributes,
    ...sellingBody(ctx, variant, wants),
    ...(wants('images') && variant.image_url !== null && { image: { src: variant.image_url } }),
  }
}

/** Price, weight and stock: of a product without choices, or of a variation. */
function sellingBody(ctx: Pick<Context, 'settings'>, variant: Variant, wants: Wants): Body {
  const { weight, available_quantity } = variant
  const priced = priceHere(ctx, variant)
  return {
    ...priced,
    ...(priced.regular_price !== undefined && saleBody(variant)),
    ...(weight !== null && { weight: String(weight) }),
    ...(wants('inventory') && stockBody(available_quantity)),
  }
}

/**
 * A sale is told while it runs, with its end. The other dates are emptied (null would leave them),
 * or one that somebody once entered there would keep the price from being shown.
 */
const saleBody = ({ sale, price }: Variant): Body => ({
  sale_price: sale ? price : '',
  date_on_sale_from_gmt: '',
  date_on_sale_to_gmt: sale ? sale.ends_at.slice(0, 19) : '',
})

/** Stock is told as it is, never as a difference: telling it twice changes nothing. */
export const stockBody = (available_quantity: number | null): Body =>
  available_quantity === null
    ? // Without a number WooCommerce goes by a word, which would stay «outofstock» for ever.
      { manage_stock: false, stock_status: 'instock' }
    : { manage_stock: true, stock_quantity: Math.max(0, available_quantity) }

function attributesOf({ options, variants }: Product) {
  const choices = new Map(options.map(({ name, choices }) => [name, new Set(choices)]))
  // Products whose variants merely happen to differ name no options of their own.
  for (const variant of variants) {
    for (const [name, choice] of Object.entries(variant.options)) {
      choices.set(name, (choices.get(name) ?? new Set()).add(choice))
    }
  }
  return [...choices].map(([name, chosen], position) => {
    return { name, position, visible: true, variation: true, options: [...chosen] }
  })
}

function imagesOf({ images, image_url }: Product): { src: string }[] {
  const urls = images.filter(({ variant_id }) => variant_id === null).map(({ url }) => url)
  if (urls.length === 0 && image_url !== null) urls.push(image_url)
  return urls.map((src) => ({ src }))
}

function metaOf({ id, brand, variants }: Product): { key: string; value: string }[] {
  const gtin = variants[0]?.gtin
  return [
    { key: PRODUCT_META, value: id },
    ...(brand === null ? [] : [{ key: '_tradepost_brand', value: brand }]),
    ...(gtin ? [{ key: '_tradepost_gtin', value: gtin }] : []),
  ]
}
