/** A SKU without regard to case: two SKUs are the same if their keys are. */
export const skuKey = (sku: string): string => sku.toLowerCase()
