import { parseMoney } from '#kit/money'
import type { WholeProduct } from '#modules/catalogue'
import type { Settings } from '#platform/config/settings'
import type { Availability, FeedItem, FeedProduct, FeedVariant } from './schemas.ts'

type ShownVariant = WholeProduct['variants'][number]

/** So few units that an agent should say so. */
const LIMITED_MAX = 5

/** A product as an agent's feed has it. */
export function feedProduct(product: WholeProduct, settings: Settings): FeedProduct {
  const url = pageOf(product, settings)
  const media = product.images.filter(({ variant_id }) => variant_id === null).map(mediaOf)
  return {
    id: product.id,
    title: product.name,
    ...(product.description && { description: { plain: product.description } }),
    ...(url && { url }),
    ...(media.length > 0 && { media }),
    variants: product.variants.map((variant) => feedVariant(variant, { product, url, settings })),
  }
}

type Beside = { product: WholeProduct; url: string | undefined; settings: Settings }

function feedVariant(variant: ShownVariant, { product, url, settings }: Beside): FeedVariant {
  const { currency } = variant
  const options = Object.entries(variant.options)
  const media = product.images.filter(({ variant_id }) => variant_id === variant.id).map(mediaOf)
  const money = (text: string) => ({ amount: parseMoney(text, currency), currency })
  const { compare_at_price } = variant
  return {
    id: variant.id,
    title: titleOf(product, variant),
    ...(url && { url: `${url}?variant=${variant.id}` }),
    ...(variant.gtin && { barcodes: [{ type: 'GTIN', value: variant.gtin }] }),
    price: money(variant.price),
    ...(compare_at_price && { list_price: money(compare_at_price) }),
    availability: availabilityOf(variant, product),
    condition: ['new'],
    ...(product.category_paths.length > 0 && {
      categories: product.category_paths.map((path) => ({
        value: path.join(' > '),
        taxonomy: 'merchant' as const,
      })),
    }),
    seller: sellerOf(settings),
    ...(options.length > 0 && {
      variant_options: options.map(([name, value]) => ({ name, value })),
    }),
    ...(media.length > 0 && { media }),
  }
}

/** `The mug - blue`: nobody sees a row of a feed beside its product. */
const titleOf = ({ name }: WholeProduct, variant: ShownVariant): string =>
  variant.name.includes(name) ? variant.name : `${name} - ${variant.name}`

const mediaOf = ({ url, alt }: WholeProduct['images'][number]) => ({
  type: 'image' as const,
  url,
  ...(alt && { alt_text: alt }),
})

function availabilityOf(variant: ShownVariant, { backordered }: WholeProduct): Availability {
  const { id, in_stock, available_quantity } = variant
  if (backordered.has(id)) return { available: true, status: 'backorder' }
  if (!in_stock) return { available: false, status: 'out_of_stock' }
  const isScarce = available_quantity !== null && available_quantity <= LIMITED_MAX
  return { available: true, status: isScarce ? 'limited_stock' : 'in_stock' }
}

/** Who sells it, and the pages that say on which terms. */
function sellerOf({ shop_name, shop_terms_url, shop_privacy_url, shop_returns_url }: Settings) {
  const pages = [
    { type: 'terms_of_service', title: 'Terms of use', url: shop_terms_url },
    { type: 'privacy_policy', title: 'Privacy policy', url: shop_privacy_url },
    { type: 'refund_policy', title: 'Returns', url: shop_returns_url },
  ]
  const links = pages.flatMap(({ url, ...page }) => (url ? [{ ...page, url }] : []))
  return { name: shop_name, ...(links.length > 0 && { links }) }
}

/** The page that buyers see, where the settings say where the shop is. */
function pageOf({ id, slug }: WholeProduct, { shop_url, public_url }: Settings) {
  const shop = shop_url ?? public_url
  return shop && `${shop.replace(/\/$/, '')}/products/${encodeURIComponent(slug ?? id)}`
}

/** A product's variants as flat rows. */
export function feedItems(product: WholeProduct, settings: Settings): FeedItem[] {
  const link = pageOf(product, settings)
  return product.variants.map((variant) => {
    const { currency, sale, compare_at_price } = variant
    const regular = (sale && compare_at_price) || variant.price
    const images = product.images.filter(
      ({ variant_id }) => variant_id === null || variant_id === variant.id,
    )
    const [first, ...others] = images.map(({ url }) => url)
    return {
      id: variant.id,
      item_group_id: product.id,
      sku: variant.sku,
      gtin: variant.gtin,
      mpn: attributeOf(product, 'mpn'),
      title: titleOf(product, variant),
      description: product.description,
      link: link ? `${link}?variant=${variant.id}` : null,
      condition: 'new',
      product_category: product.category_paths[0]?.join(' > ') ?? null,
      material: attributeOf(product, 'material'),
      brand: product.brand,
      weight: variant.weight === null ? null : `${variant.weight} kg`,
      image_link: variant.image_url ?? first ?? product.image_url,
      additional_image_link: others.length > 0 ? others.join(',') : null,
      price: `${regular} ${currency}`,
      sale_price: sale ? `${sale.price} ${currency}` : null,
      sale_price_until: sale?.ends_at ?? null,
      sale_price_effective_date: sale ? `${sale.starts_at}/${sale.ends_at}` : null,
      availability: flat(availabilityOf(variant, product)),
      inventory_quantity: variant.available_quantity,
    }
  })
}

/** Flat feeds have no word for what is scarce. */
const flat = ({ status }: Availability) =>
  status === 'backorder' || status === 'out_of_stock' ? status : 'in_stock'

/** What staff keep of every product under this code, if it can be told as a text. */
function attributeOf({ attributes }: WholeProduct, code: string): string | null {
  const value = attributes[code]
  if (value === undefined || value === null) return null
  return Array.isArray(value) ? value.join('/') : String(value)
}
