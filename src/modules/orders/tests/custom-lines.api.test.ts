import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { onEveryEngine } from '#testing'
import { openStore, placeTaxed, type Store } from './selling.ts'

const ARTICLES = [
  { sku: 'MUG', price: '3.33', units: 20 },
  { sku: 'TEA', price: '4.01', units: 20 },
]
const ENGRAVING = { title: 'Engraving, 12 letters', requires_shipping: false }
const STAND = { title: 'Oak stand', sku: 'STAND', weight_grams: 900 }
const engraved = { action: 'add_item', custom: ENGRAVING, quantity: 3, unit_price: '3.33' }

const begin = (store: Store, { id }: { id: string }, actions: object[]) =>
  store.ask(`POST /api/v1/orders/${id}/changes`, { actions })

/** How many articles are known that stand in no catalogue. */
async function articles(store: Store): Promise<number> {
  const { rows } = await store.database.read(({ kysely }) =>
    sql<{ many: number }>`select count(*) as many from custom_articles`.execute(kysely),
  )
  return Number(rows[0]?.many)
}

/** Without what time and versions add. */
const lasting = ({ version: _, updated_at: __, ...order }: Record<string, unknown>) => order

onEveryEngine('a custom line that a change adds', (engine) => {
  it('costs what the preview says, with the tax of where the order goes', async () => {
    await using store = await openStore(engine, ARTICLES)
    for (const order of [
      await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] }),
      await store.place({ MUG: 2, TEA: 1 }),
    ]) {
      const [mug] = order.items
      const stand = { action: 'replace_item', custom: STAND, item_id: mug.id, unit_price: '7.01' }
      const begun = await begin(store, order, [engraved, stand])
      assert.equal(begun.status, 201, JSON.stringify(begun.body))
      const path = `POST /api/v1/orders/${order.id}/changes/${begun.data.id}/apply`
      const { data } = await store.ask(path, {})
      assert.deepEqual(lasting(data.order), lasting(begun.data.preview.order))
      assert.deepEqual(data.balance, begun.data.preview.balance)
      assert.deepEqual(await store.order(order.id), data.order)
      const told = data.order.items.map((item: any) => [item.sku, item.is_custom, item.quantity])
      const { quantity } = mug
      assert.deepEqual(told.slice(1), [
        ['CUSTOM', true, 3],
        ['STAND', true, quantity],
      ])
      const [, line] = data.order.items
      assert.deepEqual([line.product_name, line.total_price], [ENGRAVING.title, '9.99'])
    }
    assert.equal(await store.available('MUG'), 20, 'what was replaced is free')
    assert.deepEqual(await store.violations(), [])
  })

  it('is worked on, paid, refunded and split like any other', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 1 })
    const stand = { action: 'add_item', custom: STAND, quantity: 2, unit_price: '7.01' }
    const begun = await begin(store, order, [engraved, stand])
    const apply = `POST /api/v1/orders/${order.id}/changes/${begun.data.id}/apply`
    const { data } = await store.ask(apply, {})
    await store.pay(data.order)
    const [, engraving, oak] = data.order.items
    const back = await store.ask(`POST /api/v1/orders/${order.id}/refund`, {
      items: [{ item_id: engraving.id, quantity: 1 }],
    })
    assert.deepEqual([back.status, back.data.amount], [201, '3.33'])
    const parted = await store.ask(`POST /api/v1/orders/${order.id}/split`, {
      items: [{ item_id: oak.id, quantity: 1 }],
    })
    assert.equal(parted.status, 201, JSON.stringify(parted.body))
    const { new_order } = parted.data
    assert.deepEqual(
      [new_order.items[0].is_custom, new_order.total_amount, new_order.payment_status],
      [true, '7.01', 'paid'],
    )
    await store.ask(`POST /api/v1/orders/${new_order.id}/route`)
    const { data: work } = await store.ask(`GET /api/v1/orders/${new_order.id}/fulfilment-orders`)
    assert.deepEqual(
      work.items.flatMap(({ items }: any) => items.map((line: any) => line.sku)),
      ['STAND'],
    )
    assert.deepEqual(await store.violations(), [])
  })

  it('leaves nothing behind when its action is taken out, or its set is abandoned', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    const set = (await begin(store, order, [engraved, engraved])).data
    const path = `/api/v1/orders/${order.id}/changes/${set.id}`
    assert.equal(await articles(store), 2)
    assert.equal((await store.ask(`DELETE ${path}/actions/1`)).status, 200)
    assert.equal(await articles(store), 1)
    assert.equal((await store.ask(`POST ${path}/abandon`, {})).status, 200)
    assert.equal(await articles(store), 0)
    assert.deepEqual(await store.order(order.id), order)
    const kept = (await begin(store, order, [engraved])).data
    await store.ask(`POST /api/v1/orders/${order.id}/changes/${kept.id}/apply`, {})
    assert.equal(await articles(store), 1)
    assert.deepEqual(await store.violations(), [])
  })

  it('needs a price of its own, and names nothing of the catalogue', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    const { unit_price: _, ...free } = engraved
    for (const [action, field] of [
      [free, 'actions.0.unit_price'],
      [{ ...engraved, sku: 'TEA' }, 'actions.0.custom'],
      [{ ...engraved, unit_price: '-1.00' }, 'actions.0.unit_price'],
      [{ ...engraved, quantity: 0 }, 'actions.0.quantity'],
    ] as const) {
      const { status, error } = await begin(store, order, [action])
      assert.deepEqual([status, error?.details.field], [400, field])
    }
    assert.equal(await articles(store), 0)
    assert.deepEqual(await store.violations(), [])
  })
})
