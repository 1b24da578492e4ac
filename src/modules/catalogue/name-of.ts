import type { Sellable } from './sellable.ts'

/** What a variant is called where it is bought: «product - variant», once if both are the same. */
export const nameOf = ({
  product_name,
  variant_name,
}: Pick<Sellable, 'product_name' | 'variant_name'>): string =>
  variant_name && variant_name !== product_name ? `${product_name} - ${variant_name}` : product_name
