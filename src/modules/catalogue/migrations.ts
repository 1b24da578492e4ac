import { createCatalogue } from './migrations/2026-11-21-05-create-catalogue.ts'
import { extendProducts } from './migrations/2026-11-21-20-extend-products.ts'
import { createCategories } from './migrations/2026-11-21-21-create-categories.ts'
import { createAttributes } from './migrations/2026-11-21-22-create-attributes.ts'
import { createProductImages } from './migrations/2026-11-21-23-create-product-images.ts'
import { rebuildSearch } from './migrations/2026-11-21-24-rebuild-search.ts'
import { addOffers } from './migrations/2026-11-21-25-add-offers.ts'
import { createImports } from './migrations/2026-11-21-26-create-imports.ts'
import { shareImports } from './migrations/2026-11-21-68-share-imports.ts'
import { sellGiftCards } from './migrations/2026-11-22-51-sell-gift-cards.ts'
import { createCustomArticles } from './migrations/2026-11-22-57-create-custom-articles.ts'

export const migrations = {
  '2026-11-21-05-create-catalogue': createCatalogue,
  '2026-11-21-20-extend-products': extendProducts,
  '2026-11-21-21-create-categories': createCategories,
  '2026-11-21-22-create-attributes': createAttributes,
  '2026-11-21-23-create-product-images': createProductImages,
  '2026-11-21-24-rebuild-search': rebuildSearch,
  '2026-11-21-25-add-offers': addOffers,
  '2026-11-21-26-create-imports': createImports,
  '2026-11-21-68-share-imports': shareImports,
  '2026-11-22-51-sell-gift-cards': sellGiftCards,
  '2026-11-22-57-create-custom-articles': createCustomArticles,
}
