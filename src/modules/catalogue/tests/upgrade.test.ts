import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { migrate } from '#platform/database/migrate'
import { onEveryEngine, openEmptyDatabase, openHouse } from '#testing'
import { modules } from '../../../modules.ts'

const BEFORE = '2026-11-21-20'
const AT = '2026-11-01T00:00:00.000Z'
const id = (nth: number) => `01937b5e-9c00-7a3b-8f11-00000000000${nth}`

onEveryEngine('a catalogue from before options, categories and facets', (engine) => {
  it('is found, counted and changed as any other after the update', async () => {
    const { database, url, drop } = await openEmptyDatabase(engine)
    const older = modules.map(({ migrations }) =>
      Object.fromEntries(Object.entries(migrations).filter(([name]) => name < BEFORE)),
    )
    await migrate(database, older)
    await database.write(async ({ kysely }) => {
      const run = async (text: ReturnType<typeof sql>) => void (await text.execute(kysely))
      await run(sql`insert into products (id, number, sku, sku_key, name, name_key, brand, brand_key,
          tags, is_digital, status, currency, default_variant_id, price_amount, version, created_at,
          updated_at)
        values (${id(1)}, 1, 'MUG', 'mug', 'Mug', 'mug', 'Kiln', 'kiln', '["Blue"]', false, 'active',
          'USD', ${id(2)}, 500, 1, ${AT}, ${AT})`)
      await run(sql`insert into product_tags (tag_key, product_id) values ('blue', ${id(1)})`)
      await run(sql`insert into product_variants (id, product_id, sku, sku_key, name, options,
          position, inventory_tracking, version, created_at, updated_at)
        values (${id(2)}, ${id(1)}, 'MUG-S', 'mug-s', 'Small', '{"size":"S"}', 0, false, 1, ${AT}, ${AT})`)
      await run(sql`insert into variant_prices (variant_id, currency, min_quantity, amount)
        values (${id(2)}, 'USD', 1, 500)`)
    })
    await database.close()
    {
      await using house = await openHouse(engine, { at: url })

      assert.deepEqual(await house.violations(), [])
      const path = 'GET /api/v1/products?search=mug&tag=blue&facets=true'
      const { data } = await house.ask(path)
      assert.equal(data.total, 1)
      assert.deepEqual(data.facets.brand, [{ value: 'Kiln', count: 1 }])
      const { tax_class, options, variants } = data.items[0]
      assert.deepEqual([tax_class, options, variants[0].gtin], ['standard', [], null])
      const twin = { sku: 'X', name: 'X', price: 1, options: { size: 'S' } }
      const refused = await house.ask('POST /api/v1/products/MUG/variants', twin)
      assert.equal(refused.error.code, 'VARIANT_OPTIONS_TAKEN')
    }
    await drop()
  })
})
