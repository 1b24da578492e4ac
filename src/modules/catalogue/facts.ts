import { isUuid } from '#kit/ids'
import { moneyErrors, parseMoney } from '#kit/money'
import { invalidField } from '#platform/operations'
import type { ProductFields } from './inputs.ts'

// What callers write as decimals and lists, as tables keep it; and back.

type Decimal = string | number | null | undefined

const DECIMAL = /^(\d{1,9})(?:\.(\d{1,9}))?$/

/** A decimal number as whole units of 10^-digits; refuses more digits than that, never rounds. */
function scaled(value: string | number, digits: number, field: string): number {
  const parts = DECIMAL.exec(String(value).trim())
  if (!parts) throw invalidField(field, 'must be a decimal number such as "0.35"')
  const [, whole = '', fraction = ''] = parts
  if (/[^0]/.test(fraction.slice(digits)))
    throw invalidField(field, `has at most ${digits} decimals`)
  return Number(whole + fraction.slice(0, digits).padEnd(digits, '0'))
}

/** The shortest decimal string of `units` × 10^-digits: 350 grams are "0.35" kg. */
export function decimalText(units: number, digits: number): string {
  const text = String(units).padStart(digits + 1, '0')
  const fraction = text.slice(-digits).replace(/0+$/, '')
  return text.slice(0, -digits) + (fraction && `.${fraction}`)
}

const WEIGHT_GRAMS_MAX = 1_000_000_000

/** Grams of a weight in kilograms. */
export function gramsOf(kilograms: Decimal, field: string): number | null | undefined {
  if (kilograms === null || kilograms === undefined) return kilograms
  const grams = scaled(kilograms, 3, field)
  if (grams > WEIGHT_GRAMS_MAX) throw invalidField(field, 'is heavier than anything sold here')
  return grams
}

/** Parts per million of a share between 0 and 1. */
export function ppmOf(share: Decimal, field: string): number | null | undefined {
  if (share === null || share === undefined) return share
  const ppm = scaled(share, 6, field)
  if (ppm > 1_000_000) throw invalidField(field, 'is a share: 0.08 is 8 %')
  return ppm
}

/** Minor units of a price: never negative. */
export function priceOf(value: string | number, currency: string, field: string): number {
  const amount = parseMoney(value, currency, field)
  if (amount < 0) throw moneyErrors.invalid_amount({ field, problem: 'it is negative' })
  return amount
}

/** The same for what may be absent (undefined) or emptied (null). */
export function optionalPriceOf(
  value: Decimal,
  currency: string,
  field: string,
): number | null | undefined {
  return value === null || value === undefined ? value : priceOf(value, currency, field)
}

/** Tags in the order given, each once without regard to case. */
export function tagsOf(tags: ProductFields['tags']): string[] | undefined {
  if (tags === undefined) return undefined
  const given = typeof tags === 'string' ? tags.split(',') : (tags ?? [])
  const named = given.map((tag) => tag.trim()).filter((tag) => tag !== '')
  const tooLong = named.find((tag) => tag.length > 50)
  if (tooLong) throw invalidField('tags', 'has a tag of more than 50 characters')
  if (named.length > 50) throw invalidField('tags', 'has more than 50 tags')
  return [
    ...new Map(named.toReversed().map((tag) => [tag.toLowerCase(), tag])).values(),
  ].toReversed()
}

/** An address on the web, as given. */
export function urlOf(url: string | null | undefined, field: string): string | null | undefined {
  if (url && !(/^https?:\/\//i.test(url) && URL.canParse(url))) {
    throw invalidField(field, 'must be an http or https address')
  }
  return url
}

/** A SKU that can be told from an id. */
export function properSku(sku: string, field = 'sku'): string {
  if (sku.trim() !== sku) throw invalidField(field, 'must not begin or end with a space')
  if (isUuid(sku.toLowerCase())) throw invalidField(field, 'must not look like an id')
  return sku
}
