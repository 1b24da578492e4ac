import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { App } from '#platform/app'
import type { Command } from './cli.ts'
import { Mendable } from './failures.ts'
import { openHouse } from './house.ts'

const SEED = new URL('../../seed/index.ts', import.meta.url)

/** What src/seed/index.ts offers. */
export type Seed = {
  /**
   * Fills a database that has no products yet, through the operations themselves. Answers a
   * sentence about what it made; undefined if there were products already.
   */
  seedShop(app: App, options: SeedOptions): Promise<string | undefined>
}
export type SeedOptions = {
  /** So many generated products instead of the demo shop. */
  products?: number
  print: (line: string) => void
}

/** The seed, if this distribution has one. Loaded only when it is needed. */
export async function loadSeed(): Promise<Seed | undefined> {
  return existsSync(fileURLToPath(SEED)) ? ((await import(SEED.href)) as Seed) : undefined
}

export const seed: Command = {
  usage: `Usage: tradepost seed [--products N]

Fills an empty database with the demo shop: about 200 products, 3 locations, 50 customers and a
year of orders. A database that has products already is left as it is.

  --products N  Makes N products instead, with variants, prices and stock.`,
  options: { products: { type: 'string' } },
  words: [0, 0],
  async run({ values }, terminal) {
    const products = values.products === undefined ? undefined : Number(values.products)
    if (products !== undefined && !(Number.isSafeInteger(products) && products > 0 && products <= 1_000_000)) {
      throw new Mendable('--products wants a whole number from 1 to 1000000.')
    }
    const seeder = await loadSeed()
    if (!seeder) throw new Mendable('this distribution has no demo shop.')
    const { app, close } = await openHouse(terminal)
    try {
      const { print } = terminal
      const made = await seeder.seedShop(app, { print, ...(products !== undefined && { products }) })
      print(made ?? 'There are products already; nothing was changed.')
      return 0
    } finally {
      await close()
    }
  },
}
