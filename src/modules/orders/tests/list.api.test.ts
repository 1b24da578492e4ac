import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type Id, newId } from '#kit/ids'
import type { Engine, Statement } from '#platform/database/database'
import { transactAsSystem } from '#platform/execute'
import { insertRows } from '#platform/tables'
import { onEveryEngine } from '#testing'
import { db as desk } from '../desk/tables.ts'
import { FRESH } from '../placing.ts'
import { db } from '../tables.ts'
import { noting, planOf, scans } from './plans.ts'
import { openStore, type Store } from './selling.ts'

const MANY = 9_000
const BEGIN = Date.parse('2026-01-01T00:00:00.000Z')
const STATUSES = ['delivered', 'delivered', 'delivered', 'confirmed', 'pending', 'shipped'] as const

/** What the test knows of an order, so that it can filter by itself. */
type Known = {
  id: Id<'order'>
  number: number
  customer: number
  status: string
  payment_status: string
  fulfillment_status: string
  placed_at: string
  total_amount: number
  archived: boolean
  tags: string[]
  gift: boolean
  sku: string
  notes: string | null
}

/** Orders in which some filters hardly ever meet: `old` are the first, `new` the last. */
function knownOrders(): Known[] {
  return Array.from({ length: MANY }, (_, nth) => {
    const status = STATUSES[(nth * 7) % STATUSES.length] as (typeof STATUSES)[number]
    const placed = BEGIN + nth * 60_000
    return {
      id: newId('order', placed),
      number: 2_000_001 + ((nth * 13) % MANY),
      customer: nth % 3,
      status,
      payment_status: status === 'pending' ? 'pending' : nth % 500 === 0 ? 'pending' : 'paid',
      fulfillment_status: ['delivered', 'shipped'].includes(status) ? 'fulfilled' : 'unfulfilled',
      placed_at: new Date(placed).toISOString(),
      total_amount: 100 + ((nth * 37) % 900),
      archived: nth % 10 === 3,
      tags: [
        ...(nth < 2_500 ? ['old'] : []),
        ...(nth >= 2_500 ? ['new'] : []),
        ...(nth % 3 !== 0 ? ['most'] : []),
        ...(nth % 1_000 === 7 ? ['rare'] : []),
      ],
      gift: nth % 2 === 0,
      sku: nth % 5 === 0 ? 'TEA' : 'MUG',
      notes: nth % 4 === 0 ? `Please ring ${nth % 8 === 0 ? 'twice' : 'once'}` : null,
    }
  })
}

async function fill(store: Store, known: readonly Known[], customers: readonly string[]) {
  const { data } = await store.ask('GET /api/v1/products?limit=10')
  const variants = new Map<string, string>()
  for (const { id } of data.items) {
    const product = (await store.ask(`GET /api/v1/products/${id}`)).data
    variants.set(product.variants[0].sku, product.variants[0].id)
  }
  const chunks = Array.from({ length: MANY / 1_000 }, (_, nth) =>
    known.slice(nth * 1_000, nth * 1_000 + 1_000),
  )
  for (const chunk of chunks) {
    await transactAsSystem(store.app, async (ctx) => {
      const rows = chunk.map(({ customer, archived, tags: _, gift: __, sku: ___, ...order }) => ({
        ...FRESH,
        ...order,
        customer_id: customers[customer],
        currency: 'USD',
        discount_amount: 0,
        shipping_amount: 0,
        tax_amount: 0,
        prices_include_tax: false,
        tax_status: 'not_computed',
        archived_at: archived ? order.placed_at : null,
        created_at: order.placed_at,
        updated_at: order.placed_at,
      }))
      await insertRows(db, 'orders')(ctx, { rows: rows as never })
      const lines = chunk.map(({ id, sku, total_amount }) => ({
        id: ctx.newId('order_line'),
        order_id: id,
        position: 1,
        product_id: variants.get(sku),
        variant_id: variants.get(sku),
        sku,
        name: sku,
        quantity: 1,
        cancelled_quantity: 0,
        fulfilled_quantity: 0,
        returned_quantity: 0,
        cancelled_amount: 0,
        unit_amount: total_amount,
        total_amount,
        discount_amount: 0,
      }))
      await insertRows(db, 'order_lines')(ctx, { rows: lines as never })
      await insertRows(desk, 'order_tags')(ctx, {
        rows: chunk.flatMap(({ id, tags }) => tags.map((tag) => ({ tag, order_id: id }))),
      })
      await insertRows(desk, 'order_attributes')(ctx, {
        rows: chunk.map(({ id, gift }) => ({
          order_id: id,
          name: 'gift',
          value: String(gift),
          value_key: String(gift),
        })),
      })
    })
  }
}

type Query = Record<string, string>
type Page = { items: { id: string }[]; next_cursor: string | null; total: number }

/** All pages of a list, and how many there were. */
async function everyPage(store: Store, query: Query) {
  const ids: string[] = []
  let pages = 0
  let cursor: string | null = null
  do {
    const asked = new URLSearchParams({ limit: '100', ...query, ...(cursor && { cursor }) })
    const { status, data, error } = await store.ask(`GET /api/v1/orders?${asked}`)
    assert.equal(status, 200, JSON.stringify(error))
    const page = data as Page
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.next_cursor
    pages++
  } while (cursor !== null && pages < 200)
  return { ids, pages }
}

const SORTS: Record<string, (a: Known, b: Known) => number> = {
  created_at: (a, b) => (a.id < b.id ? -1 : 1),
  order_date: (a, b) => (a.placed_at < b.placed_at ? -1 : 1),
  order_number: (a, b) => a.number - b.number,
  total_amount: (a, b) => a.total_amount - b.total_amount || (a.id < b.id ? -1 : 1),
}

const FILTERS: Record<string, { query: Query; fits: (one: Known) => boolean }> = {
  'no filter': { query: {}, fits: () => true },
  'one state': { query: { status: 'pending' }, fits: ({ status }) => status === 'pending' },
  'several states': {
    query: { status: 'pending,shipped', payment_status: 'paid,pending' },
    fits: ({ status }) => ['pending', 'shipped'].includes(status),
  },
  'states that hardly meet': {
    query: { status: 'delivered', payment_status: 'pending' },
    fits: (one) => one.status === 'delivered' && one.payment_status === 'pending',
  },
  'states that never meet': {
    query: { status: 'pending', fulfillment_status: 'fulfilled' },
    fits: () => false,
  },
  'a tag that few have': {
    query: { tag: 'Rare', fulfillment_status: 'fulfilled' },
    fits: (one) => one.tags.includes('rare') && one.fulfillment_status === 'fulfilled',
  },
  'tags that many have': {
    query: { tag: 'most,new' },
    fits: ({ tags }) => tags.includes('most') && tags.includes('new'),
  },
  'tags that meet late': {
    query: { tag: 'most,old' },
    fits: ({ tags }) => tags.includes('most') && tags.includes('old'),
  },
  'tags that never meet': { query: { tag: 'new,old' }, fits: () => false },
  'four filters that let many through': {
    query: { tag: 'most', attribute: 'gift:true', fulfillment_status: 'fulfilled', sku: 'MUG' },
    fits: (one) =>
      one.tags.includes('most') &&
      one.gift &&
      one.fulfillment_status === 'fulfilled' &&
      one.sku === 'MUG',
  },
  'a time': {
    query: { start_date: '2026-01-03', to: '2026-01-05T12:00:00Z', status: 'delivered' },
    fits: (one) =>
      one.placed_at >= '2026-01-03T00:00:00.000Z' &&
      one.placed_at <= '2026-01-05T12:00:00.000Z' &&
      one.status === 'delivered',
  },
  'amounts that few have': {
    query: { min_amount: '5.00', max_amount: '5.10', tag: 'most' },
    fits: (one) => one.total_amount >= 500 && one.total_amount <= 510 && one.tags.includes('most'),
  },
  'amounts that many have': {
    query: { min_amount: '2.00', attribute: 'gift:false' },
    fits: (one) => one.total_amount >= 200 && !one.gift,
  },
  'archived ones': {
    query: { archived: 'true', status: 'delivered,confirmed' },
    fits: ({ status }) => ['delivered', 'confirmed'].includes(status),
  },
  'words in notes': {
    query: { search: 'RING twice' },
    fits: ({ notes }) => Boolean(notes?.includes('twice')),
  },
}

/** By creation, and by one other column in turn: all of them would take a minute. */
function sortsFor(name: string) {
  const [first, ...others] = Object.entries(SORTS)
  const other = others[Object.keys(FILTERS).indexOf(name) % others.length]
  return [first, other].filter((sort) => sort !== undefined)
}

const fitting = (known: readonly Known[], name: string) => {
  const { query, fits } = FILTERS[name] as (typeof FILTERS)[string]
  const archived = query.archived === 'true'
  return known.filter((one) => one.archived === archived && fits(one))
}

onEveryEngine('the list of orders', (engine: Engine) => {
  let store: Store
  const known = knownOrders()
  const customers: string[] = []
  const seen: Statement[] = []
  before(async () => {
    const articles = [
      { sku: 'MUG', price: '12.50' },
      { sku: 'TEA', price: '4.00' },
    ]
    store = await openStore(engine, articles, { wrap: noting(seen) })
    customers.push(store.customer_id, await store.newCustomer(), await store.newCustomer())
    await fill(store, known, customers)
  })
  after(async () => store?.close())

  for (const [name, { query }] of Object.entries(FILTERS)) {
    it(`finds all orders and no other, page by page: ${name}`, async () => {
      for (const [sort_by, compare] of sortsFor(name)) {
        const sort_order = sort_by === 'total_amount' ? 'asc' : 'desc'
        const expected = fitting(known, name).toSorted(compare)
        if (sort_order === 'desc') expected.reverse()
        const { ids } = await everyPage(store, { ...query, sort_by, sort_order })
        assert.deepEqual(
          ids,
          expected.map(({ id }) => id),
          `${name} by ${sort_by}`,
        )
      }
    })
  }

  it('tells the total exactly, or that it is an estimate and no more than there is', async () => {
    for (const [name, { query }] of Object.entries(FILTERS)) {
      const { data } = await store.ask(`GET /api/v1/orders?${new URLSearchParams(query)}`)
      const there = fitting(known, name).length
      if (data.total_is_estimate) assert.ok(data.total <= there, `${name}: ${data.total}`)
      else assert.equal(data.total, there, name)
    }
  })

  it('looks at a bounded number of orders a request, and says where to go on', async () => {
    const { data } = await store.ask('GET /api/v1/orders?tag=new,old')
    assert.deepEqual(data.items, [])
    assert.equal(data.total_is_estimate, true)
    assert.notEqual(data.next_cursor, null)
    const { pages } = await everyPage(store, { tag: 'new,old' })
    assert.ok(pages > 1 && pages < 5, `${pages} pages`)
  })

  it('finds the orders of a customer, by id and by e-mail, and by number', async () => {
    const [customer_id = ''] = customers
    const own = known.filter(({ customer, archived }) => customer === 0 && !archived).reverse()
    const byId = await everyPage(store, { customer_id })
    assert.deepEqual(
      byId.ids,
      own.map(({ id }) => id),
    )
    const byEmail = await everyPage(store, { search: 'C1@example.com', limit: '100' })
    assert.deepEqual(byEmail.ids, byId.ids)
    const [one] = own
    const { data } = await store.ask(`GET /api/v1/orders?search=ord-${one?.number}&tag=new`)
    assert.deepEqual(
      data.items.map(({ id }: { id: string }) => id),
      one?.tags.includes('new') ? [one.id] : [],
    )
  })

  it('never reads a whole table', async () => {
    const told = new Set<string>()
    for (const { query } of Object.values(FILTERS)) {
      for (const sort_by of Object.keys(SORTS)) {
        seen.length = 0
        const asked = new URLSearchParams({ ...query, sort_by })
        assert.equal((await store.ask(`GET /api/v1/orders?${asked}`)).status, 200)
        for (const statement of seen.splice(0)) {
          if (told.has(statement.sql) || !/\border/.test(statement.sql)) continue
          told.add(statement.sql)
          const plan = await planOf(store, statement)
          assert.deepEqual(scans(plan), [], `${asked}\n${statement.sql}\n${plan}`)
        }
      }
    }
    assert.ok(told.size > 30, `${told.size} statements`)
  })

  it('goes by pages too', async () => {
    const expected = fitting(known, 'tags that many have').reverse()
    const { data } = await store.ask('GET /api/v1/orders?tag=most,new&limit=50&page=3')
    assert.deepEqual(
      data.items.map(({ id }: { id: string }) => id),
      expected.slice(100, 150).map(({ id }) => id),
    )
  })

  it('refuses what it cannot read', async () => {
    for (const query of ['attribute=gift', 'status=lost', 'status=', 'cursor=abc', 'hold=']) {
      assert.equal((await store.ask(`GET /api/v1/orders?${query}`)).status, 400, query)
    }
    const none = await store.ask('GET /api/v1/orders?sku=NOTHING')
    assert.deepEqual([none.status, none.data.total], [200, 0])
    const { data } = await store.ask('GET /api/v1/orders?sort_by=total_amount')
    const foreign = await store.ask(`GET /api/v1/orders?cursor=${data.next_cursor}`)
    assert.equal(foreign.error.code, 'CURSOR_INVALID')
  })
})
