import type { Command } from './cli.ts'
import { Unreadable } from './failures.ts'
import { openHouse } from './house.ts'

export const seed: Command = {
  usage: `Usage: tradepost seed [--products N]

Fills an empty database with the demo shop: about 200 products, 3 locations, 50 customers and a
year of orders. A database that has products already is left as it is.

  --products N  Makes N products instead, with variants, prices and stock.`,
  options: { products: { type: 'string' } },
  words: [0, 0],
  async run({ values }, terminal) {
    const products = values.products === undefined ? undefined : Number(values.products)
    if (
      products !== undefined &&
      !(Number.isSafeInteger(products) && products > 0 && products <= 1_000_000)
    ) {
      throw new Unreadable('--products wants a whole number from 1 to 1000000.')
    }
    const { seedShop } = await import('../../seed/index.ts')
    const { app, close } = await openHouse(terminal)
    try {
      const { print } = terminal
      const made = await seedShop(app, {
        print,
        ...(products !== undefined && { products }),
      })
      print(made ?? 'There are products already; nothing was changed.')
      return 0
    } finally {
      await close()
    }
  },
}
