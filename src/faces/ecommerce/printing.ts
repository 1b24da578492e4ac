import type { ecommerceOperations } from '#modules/storefronts'

// The shapes of this face: money as texts of two decimals at least, instants with `+00:00`.

type Members = Record<string, unknown>
/** Makes the published body of what an operation answers. */
export type Print = (output: never) => unknown
export type Name = keyof typeof ecommerceOperations

/** "500" is "500.00"; a currency with more decimals keeps them. */
export function twoDecimals(amount: string): string {
  const [whole, fraction = ''] = amount.split('.')
  return `${whole}.${fraction.padEnd(2, '0')}`
}

const MONEY = new Set(['price', 'unit_price', 'line_total', 'subtotal', 'total', 'amount'])

/** Anything that is answered, with its money and its instants as published. */
export function published(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(published)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value as Members).map(([name, member]) => {
      if (typeof member !== 'string') return [name, published(member)]
      if (MONEY.has(name)) return [name, twoDecimals(member)]
      return [name, name === 'created_at' ? member.replace(/Z$/, '+00:00') : member]
    }),
  )
}

/** A list is its items alone. */
export const publishedItems = (output: { items: unknown[] }): unknown => published(output.items)
