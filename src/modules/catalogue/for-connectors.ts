// What connectors to other shops read and write of products.

export { productAfter } from './answers.ts'
export { createVariant } from './commands/create-variant.ts'
export { updateProduct } from './commands/update-product.ts'
export { updateVariant } from './commands/update-variant.ts'
export { findProduct, findVariant } from './find.ts'
export type { CreateProduct, NewVariant, UpdateProduct } from './inputs.ts'
export type { Product, Variant } from './schemas.ts'
export { variantsOfItems } from './variants-of-items.ts'
