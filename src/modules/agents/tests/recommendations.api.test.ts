import assert from 'node:assert/strict'
import { it } from 'node:test'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine, someoneWho } from '#testing'
import { counted } from '../../../../tests/statements/count.ts'
import { ageDemand } from '../recommendations/age-demand.ts'
import { type Mall, openMall } from './mall.ts'

const SKUS = ['MUG', 'TEA', 'POT', 'CUP', 'JAR']
const reasons = (data: any) =>
  data.products.map(({ sku, reason }: { sku: string; reason: string }) => `${sku} ${reason}`)
const recommend = async (mall: Mall, query = '') =>
  (await mall.ask(`GET /api/v1/agents/recommendations${query}`)).data

onEveryEngine('recommendations', (engine) => {
  it('put first what is bought together, and never what is named', async () => {
    await using mall = await openMall(engine)
    const ids = await mall.stock(SKUS)
    const ada = await mall.customer()
    await mall.order(ada, ['MUG', 'TEA', 'POT'])
    await mall.order(ada, ['MUG', 'TEA'])
    await mall.order(ada, ['CUP'])
    await mall.settle()

    const found = await recommend(mall, `?product_id=${ids.MUG}`)
    assert.deepEqual(reasons(found), [
      'TEA bought_together',
      'POT bought_together',
      'CUP bought_often',
      'JAR new',
    ])
    assert.equal(found.products[0].explanation, 'Bought together in 2 orders.')
    assert.equal(found.total, 4)
  })

  it('of a cart are those that go with what is in it', async () => {
    await using mall = await openMall(engine)
    await mall.stock(SKUS)
    const ada = await mall.customer()
    await mall.order(ada, ['JAR', 'POT'])
    await mall.settle()
    const cart_id = await mall.cartOf(ada, { items: [{ sku: 'JAR', quantity: 1 }] })
    const found = await recommend(mall, `?cart_id=${cart_id}&per_page=1`)
    assert.deepEqual(reasons(found), ['POT bought_together'])

    const stranger = { as: someoneWho('agents:access') }
    const hidden = await mall.ask(
      `GET /api/v1/agents/recommendations?cart_id=${cart_id}`,
      undefined,
      stranger,
    )
    assert.equal(hidden.status, 404)
  })

  it('of a cart are only what can be bought in its currency', async () => {
    await using mall = await openMall(engine)
    await mall.stock(['TEA', 'POT', 'MUG', 'CUP', 'JAR'])
    const prices = ['MUG', 'CUP', 'JAR'].map((variant_id) => {
      return { variant_id, currency: 'EUR', price: '9.00' }
    })
    await mall.made('POST /api/v1/products/prices/bulk', { prices })
    const ada = await mall.customer()
    await mall.order(ada, ['MUG', 'TEA', 'CUP'])
    await mall.settle()
    const items = [{ sku: 'MUG', quantity: 1 }]
    const euros = await mall.cartOf(ada, { currency: 'EUR', items })
    const dollars = await mall.cartOf(ada, { items })
    const skus = async (query: string) =>
      (await recommend(mall, query)).products.map(({ sku }: { sku: string }) => sku)
    assert.deepEqual(await skus(`?cart_id=${euros}`), ['CUP', 'JAR'])
    assert.deepEqual(await skus(`?cart_id=${dollars}`), ['CUP', 'TEA', 'JAR', 'POT'])
    assert.deepEqual(await skus(`?cart_id=${euros}&search=pot`), [])
    assert.deepEqual(await skus(`?cart_id=${dollars}&search=pot`), ['POT'])
    assert.equal((await recommend(mall, `?cart_id=${euros}`)).total, 2)
  })

  it('of the same category come before the rest', async () => {
    await using mall = await openMall(engine)
    const kitchen = await mall.made('POST /api/v1/categories', { name: 'Kitchen' })
    const ids = await mall.stock(['PAN', 'LID'], { category_ids: [kitchen.id] })
    await mall.stock(['SOCK'])
    assert.deepEqual(reasons(await recommend(mall, `?product_id=${ids.PAN}`)), [
      'LID same_category',
      'SOCK new',
    ])
  })

  it('leave out what is sold out or not on sale, and never tell a cost', async () => {
    await using mall = await openMall(engine)
    const ids = await mall.stock(SKUS)
    await mall.made(`PUT /api/v1/products/${ids.TEA}`, { is_active: false })
    const ada = await mall.customer()
    const all = { customer_id: ada, items: [{ product_id: 'POT', quantity: 50 }] }
    await mall.made('POST /api/v1/orders', all)
    await mall.settle()

    const asked = await mall.send('GET /api/v1/agents/recommendations')
    assert.deepEqual(reasons(asked.body.data), ['JAR new', 'CUP new', 'MUG new'])
    assert.doesNotMatch(JSON.stringify(asked.body), /cost|4\.00/)
    assert.deepEqual(await recommend(mall, '?is_active=false'), { products: [], total: 0 })
  })

  it('with a text are what matches it', async () => {
    await using mall = await openMall(engine)
    await mall.stock(SKUS)
    const found = await recommend(mall, '?search=mug')
    assert.deepEqual(reasons(found), ['MUG matches'])
  })

  it('forget an order that is cancelled, and days that are long over', async () => {
    await using mall = await openMall(engine)
    const ids = await mall.stock(SKUS)
    const ada = await mall.customer()
    const cancelled = await mall.order(ada, ['MUG', 'TEA'])
    await mall.order(ada, ['MUG', 'POT'])
    await mall.settle()
    await mall.made(`POST /api/v1/orders/${cancelled}/cancel`, { reason: 'by mistake' })
    await mall.settle()
    const found = await recommend(mall, `?product_id=${ids.MUG}`)
    assert.deepEqual(reasons(found).slice(0, 2), ['POT bought_together', 'JAR new'])

    mall.pass(31)
    await transactAsSystem(mall.app, ageDemand, 'read committed')
    const later = await recommend(mall)
    assert.ok(reasons(later).every((reason: string) => reason.endsWith(' new')))
  })

  it('take as many statements for a large shop as for a small one', async () => {
    await using mall = await openMall(engine)
    const ids = await mall.stock(SKUS)
    const ada = await mall.customer()
    const ask = () => recommend(mall, `?product_id=${ids.MUG}`)
    const cost = async () => {
      await ask()
      const { statements } = await counted(engine, ask)
      return statements.length
    }
    await mall.order(ada, ['MUG', 'TEA'])
    await mall.settle()
    const small = await cost()
    await mall.stock(Array.from({ length: 30 }, (_, nth) => `ART-${nth}`))
    for (let nth = 0; nth < 10; nth++) {
      await mall.order(ada, ['MUG', `ART-${nth}`, `ART-${nth + 10}`, `ART-${nth + 20}`])
    }
    await mall.settle()
    assert.equal(await cost(), small)
    assert.ok(small <= 12, String(small))
  })

  it('are for those with agents:access', async () => {
    await using mall = await openMall(engine)
    const as = someoneWho('products:read')
    const asked = await mall.ask('GET /api/v1/agents/recommendations', undefined, { as })
    assert.equal(asked.status, 403)
  })
})
