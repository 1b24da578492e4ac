import type { DemoTaxClass } from './taxes.ts'

/** A category of the shop; `parent` is the slug of the one above. */
export type DemoCategory = { slug: string; name: string; parent?: string; description?: string }

export const CATEGORIES: readonly DemoCategory[] = [
  { slug: 'coffee-and-tea', name: 'Coffee & tea', description: 'To drink, and to make it with.' },
  { slug: 'coffee', name: 'Coffee', parent: 'coffee-and-tea' },
  { slug: 'single-origins', name: 'Single origins', parent: 'coffee' },
  { slug: 'blends', name: 'Blends', parent: 'coffee' },
  { slug: 'tea', name: 'Tea', parent: 'coffee-and-tea' },
  { slug: 'brewing', name: 'Brewing', parent: 'coffee-and-tea' },
  { slug: 'brewers', name: 'Brewers', parent: 'brewing' },
  { slug: 'kettles', name: 'Kettles', parent: 'brewing' },
  { slug: 'grinders-and-scales', name: 'Grinders & scales', parent: 'brewing' },
  { slug: 'kitchen-and-table', name: 'Kitchen & table' },
  { slug: 'mugs', name: 'Mugs & cups', parent: 'kitchen-and-table' },
  { slug: 'tableware', name: 'Tableware', parent: 'kitchen-and-table' },
  { slug: 'glassware', name: 'Glassware', parent: 'kitchen-and-table' },
  { slug: 'boards', name: 'Boards & wood', parent: 'kitchen-and-table' },
  { slug: 'knives-and-pans', name: 'Knives & pans', parent: 'kitchen-and-table' },
  { slug: 'kitchen-linen', name: 'Kitchen linen', parent: 'kitchen-and-table' },
  { slug: 'home', name: 'Home' },
  { slug: 'candles', name: 'Candles', parent: 'home' },
  { slug: 'throws', name: 'Throws & cushions', parent: 'home' },
  { slug: 'bath', name: 'Bath', parent: 'home' },
  { slug: 'towels', name: 'Towels', parent: 'bath' },
  { slug: 'soap', name: 'Soap & balm', parent: 'bath' },
  { slug: 'lighting', name: 'Lighting', parent: 'home' },
  { slug: 'storage', name: 'Baskets & storage', parent: 'home' },
  { slug: 'vases', name: 'Vases & planters', parent: 'home' },
  { slug: 'prints', name: 'Prints', parent: 'home' },
  { slug: 'outdoor', name: 'Outdoor' },
  { slug: 'bottles', name: 'Bottles & flasks', parent: 'outdoor' },
  { slug: 'bags', name: 'Bags', parent: 'outdoor' },
  { slug: 'camping', name: 'Camp & picnic', parent: 'outdoor' },
  { slug: 'tools', name: 'Tools', parent: 'outdoor' },
  { slug: 'clothing', name: 'Clothing' },
  { slug: 'socks', name: 'Socks', parent: 'clothing' },
  { slug: 'knitwear', name: 'Knitwear', parent: 'clothing' },
  { slug: 'jackets', name: 'Jackets', parent: 'clothing' },
  { slug: 'stationery', name: 'Stationery' },
  { slug: 'notebooks', name: 'Notebooks', parent: 'stationery' },
  { slug: 'pens-and-ink', name: 'Pens & ink', parent: 'stationery' },
  { slug: 'cards', name: 'Cards', parent: 'stationery' },
  { slug: 'desk', name: 'Desk', parent: 'stationery' },
  { slug: 'gifts', name: 'Gift cards & downloads' },
]

type Value = string | number | boolean
/** Where a family stands, how it is taxed, and what all of it has in common. */
type Shelf = { category: string; tax_class?: DemoTaxClass; attributes?: Record<string, Value> }

const made = (material: string) => ({ attributes: { material } })
const washed = (material: string, dishwasher_safe: boolean) => ({
  attributes: { material, dishwasher_safe },
})
const groceries = { tax_class: 'groceries' } as const
const worn = (material: string) => ({ ...made(material), tax_class: 'clothing' }) as const

/** By the code of the family, which begins its SKUs. */
const SHELVES: Readonly<Record<string, Shelf>> = {
  COF: { category: 'single-origins', ...groceries, attributes: { roast: 'Light' } },
  BLD: { category: 'blends', ...groceries, attributes: { roast: 'Medium' } },
  TEA: { category: 'tea', ...groceries },
  BRW: { category: 'brewers' },
  KTL: { category: 'kettles', ...made('Steel') },
  GRN: { category: 'grinders-and-scales', ...made('Steel') },
  MUG: { category: 'mugs', ...washed('Stoneware', true) },
  BWL: { category: 'tableware', ...washed('Stoneware', true) },
  BRD: { category: 'boards', ...washed('Wood', false) },
  LIN: { category: 'kitchen-linen', ...made('Linen') },
  GLS: { category: 'glassware', ...washed('Glass', true) },
  KNF: { category: 'knives-and-pans', ...washed('Carbon steel', false) },
  CND: { category: 'candles', ...made('Wax') },
  THR: { category: 'throws', ...made('Wool') },
  TWL: { category: 'towels', ...made('Cotton') },
  SOP: { category: 'soap' },
  LMP: { category: 'lighting', ...made('Steel') },
  BSK: { category: 'storage', ...made('Wood') },
  VAS: { category: 'vases', ...made('Stoneware') },
  BTL: { category: 'bottles', ...washed('Steel', true) },
  PCK: { category: 'bags', ...made('Waxed cotton') },
  SCK: { category: 'socks', ...worn('Wool') },
  KNT: { category: 'knitwear', ...worn('Wool') },
  JKT: { category: 'jackets', ...worn('Cotton') },
  CMP: { category: 'camping', ...made('Steel') },
  PIC: { category: 'camping' },
  TOL: { category: 'tools' },
  NTB: { category: 'notebooks', ...made('Paper') },
  PEN: { category: 'pens-and-ink' },
  INK: { category: 'pens-and-ink' },
  CRD: { category: 'cards', ...made('Paper') },
  DSK: { category: 'desk' },
  PRT: { category: 'prints', ...made('Paper') },
  GFT: { category: 'gifts', tax_class: 'vouchers' },
  DLD: { category: 'gifts' },
  OLD: { category: 'home' },
  NEW: { category: 'tableware', ...washed('Stoneware', true) },
}

/** What single products have beside that, by their names. */
const OF_PRODUCTS: Readonly<Record<string, Record<string, Value>>> = {
  'Yirgacheffe Kochere': { origin: 'Ethiopia' },
  'Huila Las Brisas': { origin: 'Colombia', roast: 'Medium' },
  'Nyeri Peaberry': { origin: 'Kenya' },
  'Antigua Los Robles': { origin: 'Guatemala', roast: 'Medium' },
  'Lintong Wet-Hulled': { origin: 'Indonesia', roast: 'Dark' },
  'Kayanza Natural': { origin: 'Burundi' },
  'Gesha Finca Alto': { origin: 'Panama' },
  'Breakwater Espresso': { roast: 'Dark' },
  'Lamplighter Dark': { roast: 'Dark' },
  'Tideline Mug': { capacity: 350 },
  'Lookout Mug': { capacity: 320 },
  'Bosun Mug': { capacity: 400 },
  'Espresso Thimble': { capacity: 60 },
  'Cortado Tumbler': { capacity: 180 },
  'Porridge Mug': { capacity: 500 },
  'Flat White Cup & Saucer': { capacity: 220 },
  'Commuter Tumbler': { capacity: 360 },
  'Food Jar': { capacity: 480 },
  'Beeswax Pillar': { material: 'Beeswax' },
  'Linen Hammam Towel': { material: 'Linen' },
  'Tetsu Iron Teapot': { material: 'Cast iron' },
  'Cast-Iron Skillet 24 cm': { material: 'Cast iron' },
  'Copper Saucepan 18 cm': { material: 'Copper' },
  'Pepper Mill': { material: 'Wood' },
  'Whetstone 1000/3000': { material: 'Stone' },
  'Log Basket': { material: 'Willow' },
  'Market Basket': { material: 'Willow' },
  'Laundry Hamper': { material: 'Willow' },
  'Spork Pair': { material: 'Titanium' },
}

/** Category, tax class and attributes of a product. */
export function shelfOf(code: string, name: string) {
  const shelf = SHELVES[code]
  if (!shelf) throw new Error(`the family ${code} has no shelf`)
  const { category, tax_class = 'standard', attributes } = shelf
  return { category, tax_class, attributes: { ...attributes, ...OF_PRODUCTS[name] } }
}

/** What products can have a value of. An `enum` may be what some product is. */
export const ATTRIBUTES = [
  { code: 'material', label: 'Material', type: 'enum', choices: valuesOf('material') },
  { code: 'roast', label: 'Roast', type: 'enum', choices: ['Light', 'Medium', 'Dark'] },
  { code: 'origin', label: 'Origin', type: 'enum', choices: valuesOf('origin') },
  { code: 'capacity', label: 'Capacity', type: 'number', unit: 'ml' },
  { code: 'dishwasher_safe', label: 'Dishwasher-safe', type: 'boolean' },
] as const

function valuesOf(code: string): string[] {
  const all = [...Object.values(SHELVES).map((shelf) => shelf.attributes ?? {})]
  const values = [...all, ...Object.values(OF_PRODUCTS)].flatMap((attributes) => {
    const value = attributes[code]
    return typeof value === 'string' ? [value] : []
  })
  return [...new Set(values)].sort()
}
