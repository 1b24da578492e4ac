// What connectors to other shops read and write of products.

export { productAfter } from './answers.ts'
export { updateProduct } from './commands/update-product.ts'
export { updateVariant } from './commands/update-variant.ts'
export { findProduct, findVariant } from './find.ts'
export type { UpdateProduct } from './inputs.ts'
export type { Product, Variant } from './schemas.ts'
export { variantsOfItems } from './variants-of-items.ts'
