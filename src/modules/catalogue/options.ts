import { Type } from 'typebox'
import { Text } from '#kit/schemas'
import { invalidField } from '#platform/operations'
import { catalogueErrors } from './errors.ts'

export const OPTIONS_MAX = 5
/** More combinations than this nobody can look after; the product should be several. */
export const COMBINATIONS_MAX = 10_000

/** What a product's variants differ in, in order, with the choices of each in order. */
export const ProductOption = Type.Object({
  name: Text(50),
  choices: Type.Array(Text(100), { minItems: 1, maxItems: 200 }),
})
export const ProductOptions = Type.Array(ProductOption, {
  maxItems: OPTIONS_MAX,
  description:
    'What the variants differ in. While there are any, each variant has one choice of each.',
  examples: [[{ name: 'colour', choices: ['blue', 'red'] }]],
})
export type ProductOption = { name: string; choices: string[] }
export type Choices = Record<string, string>

/** One text for equal choices, whatever their order; null where a variant names none. */
export function optionsKey(options: Choices): string | null {
  const named = Object.entries(options)
  if (named.length === 0) return null
  return JSON.stringify(named.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Options as sent: each name once, each choice once, and not too many combinations. */
export function readOptions(options: readonly ProductOption[], field = 'options'): ProductOption[] {
  requireOnce(
    options.map(({ name }) => name),
    `${field}.name`,
  )
  for (const [nth, { choices }] of options.entries())
    requireOnce(choices, `${field}.${nth}.choices`)
  if (combinationsOf(options) > COMBINATIONS_MAX) {
    throw invalidField(field, `makes more than ${COMBINATIONS_MAX} combinations`)
  }
  return options.map(({ name, choices }) => ({ name, choices: [...choices] }))
}

const combinationsOf = (options: readonly ProductOption[]): number =>
  options.reduce((product, { choices }) => product * choices.length, 1)

function requireOnce(words: readonly string[], field: string): void {
  const seen = new Set<string>()
  for (const word of words) {
    if (seen.has(word.toLowerCase())) throw invalidField(field, `names "${word}" twice`)
    seen.add(word.toLowerCase())
  }
}

/** Refuses a variant that does not make exactly one choice of each option of its product. */
export function requireChoices(
  options: readonly ProductOption[],
  variants: readonly { sku: string; options: Choices }[],
): void {
  if (options.length === 0) return
  const expected = options.map(({ name }) => name).join(', ')
  for (const { sku, options: chosen } of variants) {
    const isWhole =
      Object.keys(chosen).length === options.length &&
      options.every(({ name, choices }) => choices.includes(chosen[name] ?? ''))
    if (!isWhole) throw catalogueErrors.options_wrong({ sku, options: expected, chosen })
  }
}

/** Every combination of choices, in the order of the options; the last option varies first. */
export function* combinations(options: readonly ProductOption[]): Generator<Choices> {
  const [first, ...rest] = options
  if (!first) {
    yield {}
    return
  }
  for (const choice of first.choices) {
    for (const others of combinations(rest)) yield { [first.name]: choice, ...others }
  }
}

const SLOT = /\{([^{}]+)\}/g

/**
 * The SKU of a combination: `{sku}` is the product's, `{colour}` that choice as SKUs are written.
 * Throws `VALIDATION_FAILED` for a slot that names no option.
 */
export function skuOf(pattern: string, sku: string, chosen: Choices): string {
  return pattern.replace(SLOT, (_, slot: string) => {
    const value = slot === 'sku' ? sku : chosen[slot]
    if (value === undefined) throw invalidField('sku_pattern', `names no option {${slot}}`)
    return slot === 'sku' ? value : skuPart(value)
  })
}

/** The pattern that names every option once. */
export const defaultPattern = (options: readonly ProductOption[]): string =>
  ['{sku}', ...options.map(({ name }) => `{${name}}`)].join('-')

const skuPart = (choice: string): string =>
  choice
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
