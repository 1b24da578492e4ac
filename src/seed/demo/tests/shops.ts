import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type DemoShop, demoShop } from '../demo-shop.ts'
import type { DemoVariant } from '../types.ts'

export const NOW = '2026-11-22T10:00:00.000Z'

/** Several seeds, and years that end in the quiet, in the busy season and on a leap day. */
const SHOPS = [
  { now: NOW },
  { now: '2027-01-01T00:00:00.000Z', seed: 2 },
  { now: '2028-02-29T23:59:59.999Z', seed: 3 },
  { now: '2027-07-31T12:30:00.000Z', seed: 2 ** 40 + 7 },
].map((options) => ({ ...options, shop: demoShop(options) }))

/** Declares a promise that every one of the shops must keep. */
export function everyShop(promise: string, check: (shop: DemoShop, now: string) => void): void {
  it(promise, () => {
    for (const { shop, now } of SHOPS) check(shop, now)
  })
}

export function variantsOf(shop: DemoShop): DemoVariant[] {
  return shop.products.flatMap(({ variants }) => variants)
}

export function assertUnique(values: readonly string[]): void {
  const seen = new Set<string>()
  const twice = values.filter((value) => seen.size === seen.add(value).size)
  assert.deepEqual(twice, [])
}
