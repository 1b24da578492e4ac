import { importDoor } from '#platform/imports/door'
import { importErrors } from '#platform/imports/errors'
import { importEvents } from '#platform/imports/events'
import { importJob, importSchedules } from '#platform/imports/job'
import { importLifecycle } from '#platform/imports/lifecycle'
import { db as imports } from '#platform/imports/tables'
import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { rememberedAttributes } from './attributes/known.ts'
import { rememberedTree } from './categories/tree.ts'
import { catalogueErrors } from './errors.ts'
import { attributeEvents, categoryEvents, productEvents, variantEvents } from './events.ts'
import { errorsDoor, productImports } from './import/index.ts'
import { catalogueInvariants } from './invariants.ts'
import { productLifecycle } from './lifecycle.ts'
import { migrations } from './migrations.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What other modules may use.
export { activeProductsAfter, liveVariantsTotal } from './active-products.ts'
export { findCategory } from './categories/find.ts'
export { categoriesOf } from './categories/members.ts'
export { createProduct } from './commands/create-product.ts'
export {
  currencyOfProduct,
  FIRST_PRODUCT,
  knownSkus,
  productsContaining,
} from './containing-products.ts'
export {
  addArticles,
  articlesOf,
  dropArticles,
  isCustom,
  type NewArticle,
} from './custom-articles.ts'
export { catalogueErrors } from './errors.ts'
export { categoryEvents, productEvents, variantEvents } from './events.ts'
export * from './for-connectors.ts'
export { giftCardProducts } from './gift-card-products.ts'
export { productImports } from './import/index.ts'
export { costsOf } from './item-costs.ts'
export { knownProducts } from './known-products.ts'
export { knownVariants } from './known-variants.ts'
export { nameOf } from './name-of.ts'
export { type Prices, type UnitPrice, unitPriceOf } from './offers.ts'
export { packingFacts } from './packing-facts.ts'
export { type Sellable, sellableVariants } from './sellable.ts'
export {
  matchingProducts,
  neighboursOf,
  newestProducts,
  ShownProduct,
  shownProducts,
} from './shown-products.ts'
export { type StockedProduct, stockCheck } from './stock-check.ts'
export { variantsNamed } from './variants-named.ts'
export { type WholeProduct, wholeProducts } from './whole-products.ts'

// What this module adds to the house.
export const catalogue: Module = {
  name: 'catalogue',
  tables: { ...db.tables, ...imports.tables },
  migrations,
  lifecycles: [productLifecycle, importLifecycle],
  errors: [catalogueErrors, importErrors],
  events: [productEvents, variantEvents, categoryEvents, attributeEvents, importEvents],
  invariants: catalogueInvariants,
  reactions,
  jobs: [importJob(productImports) as Job],
  remembers: [rememberedAttributes, rememberedTree],
  schedules: importSchedules,
  plugins: [importDoor(productImports), errorsDoor],
  operations,
}
