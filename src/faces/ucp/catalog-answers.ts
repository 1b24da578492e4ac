import { parseMoney } from '#kit/money'
import type { ShownProduct } from '#modules/catalogue'
import { filled } from './answers.ts'

type Variant = ShownProduct['variants'][number]
type Price = { amount: number; currency: string }

const priceOf = (text: string, currency: string): Price => ({
  amount: parseMoney(text, currency),
  currency,
})

/** A product as the protocol tells it, with all its variants or those of `ids`. */
export function printedProduct(product: ShownProduct) {
  const { variants, images, description, name } = product
  const options = optionsOf(product)
  const prices = variants.map(({ price, currency }) => priceOf(price, currency))
  const inOrder = prices.toSorted((one, other) => one.amount - other.amount)
  const own = priceOf(product.price, product.currency)
  return {
    id: product.id,
    ...filled({ handle: product.slug }),
    title: name,
    description: { plain: description || name },
    ...(product.category_ids.length > 0 && {
      categories: product.category_ids.map((value) => ({ value, taxonomy: 'merchant' })),
    }),
    price_range: { min: inOrder[0] ?? own, max: inOrder.at(-1) ?? own },
    ...(images.length > 0 && {
      media: images.filter(({ url }) => URL.canParse(url)).map(mediaOf),
    }),
    ...(options.length > 0 && {
      options: options.map((name) => ({ name, values: labelsOf(variants, name) })),
    }),
    variants: variants.map((variant) => printedVariant(product, variant)),
    ...(product.tags.length > 0 && { tags: product.tags }),
  }
}

/** What its variants differ in: as it was laid down, else as they say. */
const optionsOf = ({ options, variants }: ShownProduct): string[] =>
  options.length > 0
    ? options.map(({ name }) => name)
    : [...new Set(variants.flatMap(({ options }) => Object.keys(options)))]

const mediaOf = ({ url, alt }: ShownProduct['images'][number]) => ({
  type: 'image',
  url,
  ...filled({ alt_text: alt }),
})

const labelsOf = (variants: readonly Variant[], name: string) =>
  [...new Set(variants.flatMap(({ options }) => options[name] ?? []))].map((label) => ({ label }))

function printedVariant(product: ShownProduct, variant: Variant) {
  const { price, currency, compare_at_price, options, gtin, in_stock } = variant
  const isPlain = product.variants.length === 1
  return {
    id: variant.id,
    sku: variant.sku,
    title: isPlain ? product.name : variant.name,
    description: { plain: product.description || variant.name },
    price: priceOf(price, currency),
    ...(compare_at_price !== null && { list_price: priceOf(compare_at_price, currency) }),
    ...(gtin !== null && { barcodes: [{ type: 'GTIN', value: gtin }] }),
    availability: { available: in_stock, status: in_stock ? 'in_stock' : 'out_of_stock' },
    ...(Object.keys(options).length > 0 && {
      options: Object.entries(options).map(([name, label]) => ({ name, label })),
    }),
    ...(variant.image_url !== null &&
      URL.canParse(variant.image_url) && { media: [{ type: 'image', url: variant.image_url }] }),
  }
}

type Selected = readonly { name: string; label: string }[]

/** A product in whole, for a page where its options are chosen. */
export function detailedProduct(product: ShownProduct, selected: Selected) {
  const { options, ...printed } = printedProduct(product)
  const fits = ({ options }: Variant, choice: Selected) =>
    choice.every(({ name, label }) => options[name] === label)
  const first = product.variants.find((variant) => fits(variant, selected))
  const order = [...product.variants].sort(
    (one, other) => Number(other === first) - Number(one === first),
  )
  return {
    ...printed,
    variants: order.map((variant) => printedVariant(product, variant)),
    ...(selected.length > 0 && { selected }),
    ...(options && {
      options: options.map(({ name, values }) => ({
        name,
        values: values.map(({ label }) => {
          const choice = [...selected.filter((one) => one.name !== name), { name, label }]
          const found = product.variants.filter((variant) => fits(variant, choice))
          return {
            label,
            exists: found.length > 0,
            available: found.some(({ in_stock }) => in_stock),
          }
        }),
      })),
    }),
  }
}
