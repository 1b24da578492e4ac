import { parseMoney } from '#kit/money'
import type { ShownProduct } from '#modules/catalogue'
import type { Settings } from '#platform/config/settings'
import type { Availability, FeedItem, FeedProduct, FeedVariant } from './schemas.ts'

type ShownVariant = ShownProduct['variants'][number]

/** So few units that an agent should say so. */
const LIMITED_MAX = 5

/** A product as an agent's feed has it. */
export function feedProduct(product: ShownProduct, settings: Settings): FeedProduct {
  const url = pageOf(product, settings)
  const media = product.images.filter(({ variant_id }) => variant_id === null).map(mediaOf)
  return {
    id: product.id,
    title: product.name,
    ...(product.description && { description: { plain: product.description } }),
    ...(url && { url }),
    ...(media.length > 0 && { media }),
    variants: product.variants.map((variant) => feedVariant(variant, { product, url })),
  }
}

type Beside = { product: ShownProduct; url: string | undefined }

function feedVariant(variant: ShownVariant, { product, url }: Beside): FeedVariant {
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
    availability: availabilityOf(variant),
    condition: ['new'],
    ...(options.length > 0 && {
      variant_options: options.map(([name, value]) => ({ name, value })),
    }),
    ...(media.length > 0 && { media }),
  }
}

/** `The mug - blue`: nobody sees a row of a feed beside its product. */
const titleOf = ({ name }: ShownProduct, variant: ShownVariant): string =>
  variant.name.includes(name) ? variant.name : `${name} - ${variant.name}`

const mediaOf = ({ url, alt }: ShownProduct['images'][number]) => ({
  type: 'image' as const,
  url,
  ...(alt && { alt_text: alt }),
})

function availabilityOf({ in_stock, available_quantity }: ShownVariant): Availability {
  if (!in_stock) return { available: false, status: 'out_of_stock' }
  if (available_quantity === null || available_quantity > LIMITED_MAX) {
    return { available: true, status: 'in_stock' }
  }
  return { available: true, status: available_quantity > 0 ? 'limited_stock' : 'backorder' }
}

/** The page that buyers see, where the settings say where the shop is. */
function pageOf({ id, slug }: ShownProduct, { shop_url, public_url }: Settings) {
  const shop = shop_url ?? public_url
  return shop && `${shop.replace(/\/$/, '')}/products/${encodeURIComponent(slug ?? id)}`
}

/** A product's variants as flat rows. */
export function feedItems(product: ShownProduct, settings: Settings): FeedItem[] {
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
      mpn: null,
      title: titleOf(product, variant),
      description: product.description,
      link: link ? `${link}?variant=${variant.id}` : null,
      condition: 'new',
      brand: product.brand,
      weight: variant.weight === null ? null : `${variant.weight} kg`,
      image_link: variant.image_url ?? first ?? product.image_url,
      additional_image_link: others.length > 0 ? others.join(',') : null,
      price: `${regular} ${currency}`,
      sale_price: sale ? `${sale.price} ${currency}` : null,
      sale_price_until: sale?.ends_at ?? null,
      availability: variant.in_stock ? 'in_stock' : 'out_of_stock',
      inventory_quantity: variant.available_quantity,
    }
  })
}
