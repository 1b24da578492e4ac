import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import { counted } from '../../../../tests/statements/count.ts'
import { newGuest } from './shop.ts'

const LINES = 200
// The cart, its lines, catalogue, categories, stock, promotions, shipping and tax.
const STATEMENTS_MAX = 8

/** A shop of so many articles, each in stock, as a merchant would import it. */
async function openWideShop(house: House): Promise<string[]> {
  await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  const skus = Array.from({ length: LINES }, (_, nth) => `ART-${nth}`)
  for (const sku of skus) {
    await house.ask('POST /api/v1/products', { name: sku, sku, price: '5.25' })
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: 50 }
    await house.ask('POST /api/v1/inventory', stock)
  }
  return skus
}

// Vendure and Medusa grow with every line of a cart: a few hundred statements, seconds for an add.
onEveryEngine('a cart of two hundred lines', (engine) => {
  it('is read, changed and answered by the statements that a cart of one line takes', async () => {
    await using house = await openHouse(engine)
    const skus = await openWideShop(house)
    const put = (count: number) => ({
      items: skus.slice(0, count).map((sku) => ({ sku, quantity: 2 })),
    })
    const one = await newGuest(house, put(1))
    const many = await newGuest(house, put(LINES))
    assert.equal(many.opened.items.length, LINES)

    for (const [what, ask] of Object.entries({
      read: (cart: typeof one) => cart.ask('GET '),
      changed: (cart: typeof one) =>
        cart.ask(`PUT /items/${cart.opened.items[0].id}`, { quantity: 3 }),
      added: (cart: typeof one) => cart.ask('POST /items', { sku: 'ART-0', quantity: 1 }),
    })) {
      const cost = async (cart: typeof one) => {
        for (let warm = 0; warm < 2; warm++) assert.equal((await ask(cart)).status, 200)
        return counted(engine, () => ask(cart))
      }
      const [few, all] = [await cost(one), await cost(many)]
      // SQLite has one prepared statement for each text, and runs it once for each row.
      const [fewer, more] = [new Set(few.statements), new Set(all.statements)]
      assert.deepEqual(more, fewer, what)
      assert.equal(all.waits, few.waits, what)
      if (engine === 'postgres') assert.equal(all.statements.length, few.statements.length, what)
      if (what === 'read') {
        assert.ok(more.size <= STATEMENTS_MAX, [...more].join('\n\n'))
      }
    }
  })
})
