import { nameOf, type Sellable } from '#modules/catalogue'
import type { PlacedLine } from './frozen.ts'

/**
 * A variant as the line of an order keeps it: as it is called today. What has a price is sold as a
 * variant, so that none is known is a mistake of ours.
 */
export function placedLine(sellable: Sellable | undefined, key: string): PlacedLine {
  if (!sellable) throw new Error(`the line ${key} has a price but no variant`)
  const { product_id, variant_id, item_id, sku, tax_class, image_url } = sellable
  return { key, product_id, variant_id, item_id, sku, name: nameOf(sellable), tax_class, image_url }
}
