import { type Expression, insertNumbered, type Loader, oneOf, spaced } from './load-sql.ts'

export const VARIANTS_EACH = 3
/** As many products at most share a model; models are what a search for a rare word looks for. */
const PRODUCTS_EACH_MODEL = 10
const RARE_WORDS = 100
/** What the shelves received before anybody bought; no benchmark empties them. */
const RECEIVED = 100_000_000

// Each a tenth of all products. None begins another word, because the last word of a search may be
// unfinished.
const COLOURS = [
  'Amber',
  'Blue',
  'Coral',
  'Grey',
  'Ivory',
  'Jade',
  'Lilac',
  'Navy',
  'Olive',
  'Pink',
]
const MATERIALS = ['Bamboo', 'Ceramic', 'Cotton', 'Glass', 'Linen', 'Oak', 'Steel']
const THINGS = [
  'Bowl',
  'Candle',
  'Cup',
  'Jug',
  'Lamp',
  'Plate',
  'Tray',
  'Vase',
  'Blanket',
  'Chair',
  'Desk',
]
const BRANDS = ['Alder', 'Birch', 'Cedar', 'Fjord', 'Heron', 'Lark', 'Moor', 'Tarn', 'Wren']
const SIZES = ['Small', 'Medium', 'Large']
const DESCRIPTION = [
  'made by hand in small batches and finished with care so that no two are quite alike',
  'good in daily use and easy to keep clean',
].map((part) => part.split(' ').map((word) => `'${word}'`))

export const LOCATIONS = ['NORTH', 'CENTRE', 'SOUTH']

/** Rows of the same kind have the same number in their ids. */
const KIND = { location: 1, item: 2, product: 3, variant: 4, movement: 5 }

/** The catalogue's ids and prices as functions of a running number, for the rows that name them. */
export function catalogueOf(
  { dialect }: Loader,
  { from, to, products }: Period & { products: number },
) {
  const step = Math.floor((to - from) / products)
  const createdMs = (product: Expression) => `${from} + (${product}) * ${step}`
  const ofProduct = (variant: Expression) => `(${variant}) / ${VARIANTS_EACH}`
  const ofVariant = (kind: number) => (variant: Expression) =>
    dialect.uuid(kind, createdMs(ofProduct(variant)), variant)
  return {
    variants: products * VARIANTS_EACH,
    createdMs,
    ofProduct,
    productId: (product: Expression) => dialect.uuid(KIND.product, createdMs(product), product),
    variantId: ofVariant(KIND.variant),
    itemId: ofVariant(KIND.item),
    locationId: (location: Expression) => dialect.uuid(KIND.location, `${from}`, location),
    productSku: (product: Expression) => `'B' || ${dialect.padded(product, 7)}`,
    productName: (product: Expression) => spaced(nameWords(product)),
    variantSku: (variant: Expression) =>
      `'B' || ${dialect.padded(ofProduct(variant), 7)} || '-' || ${size(variant)}`,
    variantName: size,
    /** Minor units of USD. */
    price: (variant: Expression) => `(500 + ((${variant}) * 7919) % 19501)`,
  }
}

export type Catalogue = ReturnType<typeof catalogueOf>
/** Unix milliseconds. */
export type Period = { from: number; to: number }

const size = (variant: Expression): Expression => oneOf(SIZES, variant)
type Spell = (word: string) => string
const asIs: Spell = (word) => word
const colour = (product: Expression, spell = asIs): Expression => oneOf(COLOURS.map(spell), product)
const thing = (product: Expression, spell = asIs): Expression =>
  oneOf(THINGS.map(spell), `(${product}) / 70`)
const brand = (product: Expression, spell = asIs): Expression =>
  oneOf(BRANDS.map(spell), `(${product}) / 3`)
const nameWords = (product: Expression): Expression[] => [
  colour(product),
  oneOf(MATERIALS, `(${product}) / 10`),
  thing(product),
]
/** How the search index spells the keys that searches are narrowed by. */
const keyWord = (key: string) => `¤${Buffer.from(key).toString('hex')}`
const brandKey: Spell = (word) => keyWord(`brand=${word.toLowerCase()}`)
const tagKey: Spell = (word) => keyWord(`tag=${word.toLowerCase()}`)
const ON_SALE = `'${keyWord('status=active')}'`

/** Locations, stock items, products with variants and prices in two currencies, and their index. */
export async function loadCatalogue(
  loader: Loader,
  catalogue: Catalogue,
  products: number,
): Promise<void> {
  await loadLocations(loader, catalogue)
  await loadProducts(loader, catalogue, products)
  await loadVariants(loader, catalogue)
  await loadSearch(loader, products)
}

/** Words that searches are made of. */
export const searchWords = (products: number) => ({
  common_words: COLOURS.map((word) => word.toLowerCase()),
  rare_words: Array.from({ length: RARE_WORDS }, (_, nth) => {
    const model = Math.floor((nth * modelsOf(products)) / RARE_WORDS)
    return `m${String(model).padStart(6, '0')}`
  }),
})

const modelsOf = (products: number) => Math.ceil(products / PRODUCTS_EACH_MODEL)
const model = ({ dialect }: Loader, products: number): Expression =>
  `'M' || ${dialect.padded(`n.i % ${modelsOf(products)}`, 6)}`

const stamped = (at: Expression): Record<string, Expression> => ({
  version: '1',
  created_at: at,
  updated_at: at,
})

async function loadLocations(loader: Loader, { locationId, createdMs }: Catalogue): Promise<void> {
  const at = loader.dialect.instant(createdMs('0'))
  await insertNumbered(loader, 'locations', {
    count: LOCATIONS.length,
    values: {
      id: locationId('n.i'),
      number: 'n.i + 1',
      code: oneOf(LOCATIONS, 'n.i'),
      name: oneOf(LOCATIONS, 'n.i'),
      priority: '100 + n.i',
      ...stamped(at),
    },
  })
}

async function loadProducts(
  loader: Loader,
  { createdMs, productId, productSku, productName, variantId, price }: Catalogue,
  products: number,
): Promise<void> {
  const first = `n.i * ${VARIANTS_EACH}`
  const tags = [colour('n.i'), thing('n.i')]
  await insertNumbered(loader, 'products', {
    count: products,
    values: {
      id: productId('n.i'),
      number: 'n.i + 1',
      sku: productSku('n.i'),
      sku_key: `lower(${productSku('n.i')})`,
      name: productName('n.i'),
      name_key: `lower(${productName('n.i')})`,
      description: spaced(descriptionWords(loader, products)),
      brand: brand('n.i'),
      brand_key: `lower(${brand('n.i')})`,
      tags: loader.dialect.json(`'["' || ${tags.join(` || '","' || `)} || '"]'`),
      // What it is counted under, as `facet-keys.ts` prints it.
      facet_keys: [`'brand=' || ${brand('n.i')}`, ...tags.map((tag) => `'tag=' || ${tag}`)].join(
        ` || '\u001f' || `,
      ),
      is_digital: 'false',
      status: `'active'`,
      currency: `'USD'`,
      default_variant_id: variantId(first),
      price_amount: price(first),
      weight_grams: `100 + n.i % 900`,
      ...stamped(loader.dialect.instant(createdMs('n.i'))),
    },
  })
  for (const tag of tags) {
    const values = { tag_key: `lower(${tag})`, product_id: productId('n.i') }
    await insertNumbered(loader, 'product_tags', { count: products, values })
  }
  await loader.countFrom('locations', LOCATIONS.length)
  await loader.countFrom('products', products)
}

async function loadVariants(loader: Loader, catalogue: Catalogue): Promise<void> {
  const { variants: count, createdMs, ofProduct, productName } = catalogue
  const { productId, variantId, itemId, variantSku, variantName, price } = catalogue
  const sku = variantSku('n.i')
  const facts = stamped(loader.dialect.instant(createdMs(ofProduct('n.i'))))
  await insertNumbered(loader, 'inventory_items', {
    count,
    values: {
      id: itemId('n.i'),
      number: 'n.i + 1',
      sku,
      sku_key: `lower(${sku})`,
      description: `${productName(ofProduct('n.i'))} || ', ' || ${variantName('n.i')}`,
      unit: `'EA'`,
      ...facts,
    },
  })
  await loader.countFrom('inventory_items', count)
  await insertNumbered(loader, 'product_variants', {
    count,
    values: {
      id: variantId('n.i'),
      product_id: productId(ofProduct('n.i')),
      sku,
      sku_key: `lower(${sku})`,
      name: variantName('n.i'),
      options: loader.dialect.json(`'{"size":"' || ${variantName('n.i')} || '"}'`),
      options_key: `'[["size","' || ${variantName('n.i')} || '"]]'`,
      position: `n.i % ${VARIANTS_EACH}`,
      inventory_tracking: 'true',
      item_id: itemId('n.i'),
      ...facts,
    },
  })
  for (const [currency, amount] of [
    ['EUR', `${price('n.i')} * 9 / 10`],
    ['USD', price('n.i')],
  ] as const) {
    const values = {
      variant_id: variantId('n.i'),
      currency: `'${currency}'`,
      min_quantity: '1',
      amount,
    }
    await insertNumbered(loader, 'variant_prices', { count, values })
  }
}

const descriptionWords = (loader: Loader, products: number): Expression[] => [
  `'Model'`,
  model(loader, products),
  ...(DESCRIPTION[0] as string[]),
  oneOf(MATERIALS, 'n.i / 10'),
  ...(DESCRIPTION[1] as string[]),
]

/** The words of `search-index.ts`, in the order in which it has them. */
async function loadSearch(loader: Loader, products: number): Promise<void> {
  const sku = `'B' || ${loader.dialect.padded('n.i', 7)}`
  const lower = (words: readonly Expression[]) => words.map((word) => `lower(${word})`)
  const fields = {
    name: { weight: 'A', words: lower(nameWords('n.i')) },
    skus: { weight: 'A', words: lower([sku, ...SIZES.flatMap((name) => [sku, `'${name}'`])]) },
    brand: { weight: 'B', words: lower([brand('n.i')]) },
    tags: {
      weight: 'B',
      words: lower([colour('n.i'), thing('n.i'), ...SIZES.map((name) => `'${name}'`)]),
    },
    description: { weight: 'D', words: lower(descriptionWords(loader, products)) },
  } as const
  const keys = [brand('n.i', brandKey), colour('n.i', tagKey), thing('n.i', tagKey), ON_SALE]
  const document = loader.dialect.searchDocument(fields, keys, 'n.i + 1')
  const values = { rowid: 'n.i + 1', ...document }
  await insertNumbered(loader, 'product_search', { count: products, values })
}

/**
 * The levels of every item at every location and what was received there. What orders took from the
 * first location, which is asked first, are the columns `shipped` and `open` of the relation
 * `taken`
 * by the variant's number.
 */
export async function loadLevels(
  loader: Loader,
  { variants, createdMs, itemId, locationId, ofProduct }: Catalogue,
  taken: string,
): Promise<void> {
  const { dialect } = loader
  for (const location of LOCATIONS.keys()) {
    const at = dialect.instant(createdMs(ofProduct('n.i')))
    const shelf = { item_id: itemId('n.i'), location_id: locationId(String(location)) }
    const first = location === 0
    const used = (column: string) => (first ? `coalesce(taken.${column}, 0)` : '0')
    await insertNumbered(loader, 'stock_levels', {
      count: variants,
      values: {
        ...shelf,
        on_hand: `${RECEIVED} - ${used('shipped')}`,
        reserved: used('open'),
        version: '2',
        updated_at: at,
      },
      ...(first && { join: `left join ${taken} as taken on taken.variant = n.i` }),
    })
    await insertNumbered(loader, 'stock_movements', {
      count: variants,
      values: {
        ...shelf,
        id: dialect.uuid(KIND.movement + location, createdMs(ofProduct('n.i')), 'n.i'),
        kind: `'received'`,
        state_to: `'sellable'`,
        quantity: String(RECEIVED),
        actor: `'system'`,
        occurred_at: at,
        posted_at: at,
      },
    })
  }
}
