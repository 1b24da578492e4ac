import { MANUFACTURERS } from './catalogue/brands.ts'
import { COFFEE } from './catalogue/coffee.ts'
import { EXTRAS } from './catalogue/extras.ts'
import type { Choice, Family, FamilyOption, ProductRow } from './catalogue/family.ts'
import { LIVING } from './catalogue/living.ts'
import { OUTDOOR } from './catalogue/outdoor.ts'
import { STATIONERY } from './catalogue/stationery.ts'
import { TABLE } from './catalogue/table.ts'
import { faceValueOf, formerPricesOf, pricesOf } from './prices.ts'
import { type Random, randomStream } from './random.ts'
import { shelfOf } from './shelves.ts'
import type { DemoProduct, DemoVariant } from './types.ts'

/** A product beside the family that says how it sells. Its variants have no stock yet. */
export type Listing = { family: Family; product: DemoProduct }

type Chosen = { option: string; value: string; price: number; weight: number }

const FAMILIES: readonly Family[] = [
  ...COFFEE,
  ...TABLE,
  ...LIVING,
  ...OUTDOOR,
  ...STATIONERY,
  ...EXTRAS,
]
const ON_SALE = 0.12
const WORDS_WITHOUT_WEIGHT = new Set(['of', 'the', 'with', 'for', 'by', 'no', 'set'])

/** The whole catalogue, in the order of its tables. */
export function catalogueListings(seed: number): Listing[] {
  const random = randomStream(seed, 'catalogue')
  return FAMILIES.flatMap((family) =>
    family.products.map((_, index) => ({ family, product: productOf(family, index, random) })),
  )
}

function productOf(family: Family, index: number, random: Random): DemoProduct {
  const row = family.products[index] as ProductRow
  const [name, , text, detail = {}] = row
  const brand = detail.brand ?? turn(family.brands, index)
  const manufacturer = MANUFACTURERS[brand]
  const sku = `${family.code}-${nameCode(name)}`
  const [length_mm, width_mm, height_mm] = detail.mm ?? family.mm
  const options = detail.options ?? family.options
  return {
    sku,
    name,
    description: `${text} ${detail.note ?? turn(family.notes, index)}`,
    brand,
    ...(manufacturer === undefined ? {} : { manufacturer }),
    tags: [...new Set([...family.tags, ...(detail.tags ?? [])])],
    ...shelfOf(family.code, name),
    is_digital: family.digital ?? false,
    status: detail.status ?? 'active',
    weight_grams: detail.grams ?? family.grams,
    ...(family.digital ? {} : { dimensions: { length_mm, width_mm, height_mm } }),
    options: options.map((option) => option.name),
    variants: variantsOf(family, row, { sku, choices: choicesOf(options, index), random }),
  }
}

function variantsOf(
  family: Family,
  [, usd_amount, , detail = {}]: ProductRow,
  { sku, choices, random }: { sku: string; choices: Chosen[][]; random: Random },
): DemoVariant[] {
  const formerFactor = random.chance(ON_SALE) && !family.face_value ? 1.2 + random.next() / 5 : 0
  const costShare = family.digital ? 0.06 : 0.36 + random.next() * 0.18
  return choices.map((chosen) => {
    const factor = chosen.reduce((product, { price }) => product * price, 1)
    const weight = chosen.reduce((product, { weight }) => product * weight, 1)
    const prices = (family.face_value ? faceValueOf : pricesOf)(Math.round(usd_amount * factor))
    return {
      sku: [sku, ...(chosen.length > 0 ? chosen.map(choiceCode) : ['STD'])].join('-'),
      name: chosen.map(({ value }) => value).join(' / ') || 'Standard',
      options: Object.fromEntries(chosen.map(({ option, value }) => [option, value])),
      prices,
      ...(formerFactor > 0 ? { compare_at: formerPricesOf(prices, formerFactor) } : {}),
      cost_amount: Math.round(prices.USD * (family.face_value ? 1 : costShare)),
      weight_grams: Math.round((detail.grams ?? family.grams) * weight),
      inventory_tracking: !family.digital,
      stock: {},
    }
  })
}

/** Every combination of what this product of its family offers; one empty one without options. */
function choicesOf(options: readonly FamilyOption[], index: number): Chosen[][] {
  return options.reduce<Chosen[][]>(
    (combinations, option) =>
      combinations.flatMap((combination) =>
        offered(option, index).map((choice) => [...combination, chosenOf(option, choice)]),
      ),
    [[]],
  )
}

/** `take` of the choices, starting one further with each product, in the order of the table. */
function offered({ choices, take = choices.length }: FamilyOption, index: number): Choice[] {
  const count = choices.length
  return choices.filter((_, place) => (place + (count - 1) * index) % count < take)
}

function chosenOf(option: FamilyOption, choice: Choice): Chosen {
  const [value, price, weight] = typeof choice === 'string' ? [choice, 1, 1] : choice
  return { option: option.name, value, price, weight }
}

/** `Estuary Dinner Plate` → `ESTUDINN`: four letters of each of the first two telling words. */
function nameCode(name: string): string {
  const telling = wordsOf(name).filter((word) => !WORDS_WITHOUT_WEIGHT.has(word.toLowerCase()))
  const letters = telling.length === 1 ? 8 : 4
  return telling
    .slice(0, 2)
    .map((word) => word.slice(0, letters).toUpperCase())
    .join('')
}

/** `Slate` → `SLAT`, `Whole bean` → `WHBE`, `250 g` → `250G`. */
function choiceCode({ value }: Chosen): string {
  const words = wordsOf(value)
  const letters = words.length === 1 ? 4 : 2
  return words
    .map((word) => (/^\d/.test(word) ? word : word.slice(0, letters)))
    .join('')
    .toUpperCase()
}

/** Words and numbers without accents, apostrophes and signs. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/[\u0300-\u036f’']/g, '')
  return plain.match(/[A-Za-z0-9]+/g) ?? []
}

function turn<T>(items: readonly T[], index: number): T {
  return items[index % items.length] as T
}
