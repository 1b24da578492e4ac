import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Type } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { systemProcess } from '#platform/execute'
import type { ProcessContext } from '#platform/processes'
import { onEveryEngine, someoneWho } from '#testing'
import { bulkJob } from '../bulk/job.ts'
import { orderBulkActions } from '../bulk/port.ts'
import { runBulk } from '../bulk/run.ts'
import { addNote } from '../desk/notes.ts'
import { orderErrors } from '../errors.ts'
import { openStore, type Store } from './selling.ts'

const open = (engine: 'sqlite' | 'postgres') => openStore(engine, [{ sku: 'MUG', price: '12.50' }])

async function placeMany(store: Store, many: number): Promise<string[]> {
  const ids: string[] = []
  for (let nth = 0; nth < many; nth++) ids.push((await store.place({ MUG: 1 })).id)
  return ids
}

const start = (store: Store, body: object) => store.ask('POST /api/v1/orders/bulk', body)
const run = (store: Store, bulk_id: string) =>
  bulkJob.run(systemProcess(store.app), { bulk_id: bulk_id as Id<'order_bulk'> })
const read = async (store: Store, id: string) =>
  (await store.ask(`GET /api/v1/orders/bulk/${id}`)).data

type Row = { order: string; order_id: string | null; result: string; code: string | null }
async function rowsOf(store: Store, id: string): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | null = null
  do {
    const more: string = cursor ? `&cursor=${cursor}` : ''
    const { data } = await store.ask(`GET /api/v1/orders/bulk/${id}/rows?limit=100${more}`)
    rows.push(...data.items)
    cursor = data.next_cursor
  } while (cursor)
  return rows
}

/** Twice done, it is seen twice. */
const noting = {
  name: 'note',
  summary: 'Write a note.',
  permission: 'orders:update',
  parameters: Type.Object({}),
  run: (ctx: Context, id: Id<'order'>) => addNote(ctx, { id, body: 'Seen.' }),
}

const named = async (store: Store, name: string) =>
  (await store.events()).filter((event) => event === name).length

onEveryEngine('bulk operations on orders', (engine) => {
  it('does something to each order named, once, with a result for each', async () => {
    await using store = await open(engine)
    const [first = '', second = '', over = ''] = await placeMany(store, 3)
    const { order_number } = await store.order(second)
    await store.ask(`POST /api/v1/orders/${over}/cancel`, {})

    const asked = await start(store, {
      action: 'hold',
      parameters: { code: 'stock_count', note: 'Counting.' },
      order_ids: [first, order_number.toLowerCase(), second, over, 'ORD-1'],
    })
    assert.deepEqual(
      [asked.status, asked.data.status, asked.data.rows_total, asked.data.rows_done],
      [202, 'running', 4, 0],
    )
    await run(store, asked.data.id)

    const done = await read(store, asked.data.id)
    assert.deepEqual(
      [done.status, done.rows_total, done.rows_ok, done.rows_failed, done.actor],
      ['done', 4, 2, 2, 'user:test-admin'],
    )
    assert.deepEqual(
      (await rowsOf(store, done.id)).map(({ order, result, code }) => [order, result, code]),
      [
        [first, 'ok', null],
        [order_number.toLowerCase(), 'ok', null],
        [over, 'failed', 'ORDER_CANNOT_HOLD'],
        ['ORD-1', 'failed', 'ORDER_NOT_FOUND'],
      ],
    )
    const failed = await store.ask(`GET /api/v1/orders/bulk/${done.id}/rows?result=failed`)
    assert.equal(failed.data.total, 2)
    assert.equal((await store.order(first)).status, 'on_hold')
    assert.equal(await named(store, 'order.held'), 2)
    const history = await store.ask(`GET /api/v1/orders/${first}/history`)
    assert.equal(history.data.items[0].actor, 'user:test-admin', 'it is done in their name')
    assert.ok((await store.events()).includes('order_bulk.finished'))
    await run(store, done.id)
    assert.equal(await named(store, 'order.held'), 2, 'a second turn finds nothing to do')
    assert.deepEqual(await store.violations(), [])
  })

  it('does it to what a filter of the list finds, and to nothing that comes later', async () => {
    await using store = await open(engine)
    const ids = await placeMany(store, 105)
    for (const id of ids.slice(0, 3)) await store.ask(`POST /api/v1/orders/${id}/cancel`, {})

    const asked = await start(store, {
      action: 'add_tags',
      parameters: { tags: ['Spring'] },
      filter: { status: ['pending'], min_amount: '10' },
    })
    assert.deepEqual([asked.data.status, asked.data.rows_total], ['collecting', 0])
    await placeMany(store, 1)
    await run(store, asked.data.id)

    const done = await read(store, asked.data.id)
    assert.deepEqual([done.status, done.rows_total, done.rows_ok], ['done', 102, 102])
    const { data } = await store.ask('GET /api/v1/orders?tag=spring&limit=1')
    assert.equal(data.total, 102)
    assert.deepEqual(
      (await rowsOf(store, done.id)).map(({ order_id }) => order_id),
      ids.slice(3),
    )
    assert.deepEqual(await store.violations(), [])
  })

  it('tries everything and keeps nothing in a dry run', async () => {
    await using store = await open(engine)
    const [good = '', over = ''] = await placeMany(store, 2)
    await store.ask(`POST /api/v1/orders/${over}/cancel`, {})
    const before = await store.order(good)
    const events = (await store.events()).length

    const order_ids = [good, over]
    const asked = await start(store, { action: 'cancel', order_ids, dry_run: true })
    await run(store, asked.data.id)

    const rows = await rowsOf(store, asked.data.id)
    assert.deepEqual(
      rows.map(({ result, code }) => [result, code]),
      [
        ['ok', null],
        ['failed', 'ORDER_CANNOT_CANCEL'],
      ],
    )
    assert.deepEqual(await store.order(good), before)
    assert.equal((await store.events()).length, events + 2, 'asked and finished')
    assert.deepEqual(await store.violations(), [])
  })

  it('goes on where it was left, each order once, whenever its process dies', async () => {
    await using store = await open(engine)
    const order_ids = await placeMany(store, 12)
    orderBulkActions.provide(store.app, [noting as never])
    const asked = await start(store, { action: 'note', order_ids })
    const bulk_id = asked.data.id as Id<'order_bulk'>

    // Dies after each number of committed transactions in turn, until it comes to its end.
    for (let life = 1; (await read(store, bulk_id)).status !== 'done'; life++) {
      assert.ok(life < 50)
      const alive = systemProcess(store.app)
      let left = life
      const mortal: ProcessContext = {
        ...alive,
        transaction: async (body, isolation) => {
          if (left-- <= 0) throw Object.assign(new Error('the process died'), { status: 503 })
          return alive.transaction(body, isolation)
        },
      }
      await runBulk(mortal, bulk_id).catch(() => {})
      assert.deepEqual(await store.violations(), [])
    }

    assert.equal(await named(store, 'order.note_added'), 12)
    assert.equal((await read(store, bulk_id)).rows_ok, 12)
  })

  it('does each order once, also if two processes work on it', async () => {
    await using store = await open(engine)
    const order_ids = await placeMany(store, 12)
    orderBulkActions.provide(store.app, [noting as never])
    const asked = await start(store, { action: 'note', order_ids })

    await Promise.all([run(store, asked.data.id), run(store, asked.data.id)])

    assert.equal(await named(store, 'order.note_added'), 12)
    assert.equal(await named(store, 'order_bulk.finished'), 1)
    assert.equal((await read(store, asked.data.id)).rows_ok, 12)
    assert.deepEqual(await store.violations(), [])
  })

  it('stops when it is cancelled, and says what was done', async () => {
    await using store = await open(engine)
    const order_ids = await placeMany(store, 3)
    const asked = await start(store, { action: 'hold', order_ids })

    const cancelled = await store.ask(`POST /api/v1/orders/bulk/${asked.data.id}/cancel`)
    assert.equal(cancelled.data.status, 'cancelled')
    await run(store, asked.data.id)

    assert.equal(await named(store, 'order.held'), 0)
    const again = await store.ask(`POST /api/v1/orders/bulk/${asked.data.id}/cancel`)
    assert.deepEqual([again.status, again.error.code], [409, 'BULK_CANNOT_CANCEL'])
    assert.deepEqual(again.error.details.open_moves, [])
    const rows = await rowsOf(store, asked.data.id)
    assert.deepEqual(new Set(rows.map(({ result }) => result)), new Set(['waiting']))
    assert.deepEqual(await store.violations(), [])
  })

  it('ends a race of running and cancelling as one of the two', async () => {
    await using store = await open(engine)
    const order_ids = await placeMany(store, 6)
    const asked = await start(store, { action: 'hold', order_ids })
    const { id } = asked.data

    const [, cancelled] = await Promise.all([
      run(store, id),
      store.ask(`POST /api/v1/orders/bulk/${id}/cancel`),
    ])

    const { status } = await read(store, id)
    assert.ok([200, 409].includes(cancelled.status))
    assert.equal(status, cancelled.status === 200 ? 'cancelled' : 'done')
    const held = (await rowsOf(store, id)).filter(({ result }) => result === 'ok').length
    assert.equal(await named(store, 'order.held'), held)
    assert.deepEqual(await store.violations(), [])
  })

  it('confirms, begins, cancels, archives and tags as the single operations do', async () => {
    await using store = await open(engine)
    const order_ids = await placeMany(store, 2)
    const does = async (action: string, parameters: object = {}) => {
      const asked = await start(store, { action, parameters, order_ids })
      assert.equal(asked.status, 202, JSON.stringify(asked.body))
      await run(store, asked.data.id)
      const { rows_ok } = await read(store, asked.data.id)
      assert.equal(rows_ok, 2, action)
      return store.order(order_ids[0] as string)
    }
    assert.equal((await does('confirm')).status, 'confirmed')
    assert.equal((await does('process')).status, 'processing')
    assert.equal((await does('hold', { code: 'stock' })).status, 'on_hold')
    assert.equal((await does('release')).status, 'processing')
    assert.deepEqual((await does('add_tags', { tags: ['a', 'b'] })).tags, ['a', 'b'])
    assert.deepEqual((await does('remove_tags', { tags: ['A'] })).tags, ['b'])
    assert.equal((await does('cancel', { reason: 'no stock' })).status_reason, 'no stock')
    assert.equal((await does('archive')).is_archived, true)
    assert.equal((await does('unarchive')).is_archived, false)
    assert.deepEqual(await store.violations(), [])
  })

  it('does what modules above bring, and survives what breaks in it', async () => {
    await using store = await open(engine)
    const order_ids = await placeMany(store, 3)
    orderBulkActions.provide(store.app, [
      {
        name: 'wave',
        summary: 'Wave.',
        permission: 'orders:update',
        parameters: Type.Object({ how: Type.String() }),
        run: async (_ctx: never, order_id: Id<'order'>, { how }: { how: string }) => {
          if (order_id === order_ids[0]) throw new Error('a fault')
          if (order_id === order_ids[1]) throw orderErrors.staff_only({ action: how })
          return order_id
        },
      } as never,
    ])
    const told = await store.ask('GET /api/v1/orders/bulk-actions')
    assert.ok(told.data.some(({ name }: { name: string }) => name === 'wave'))

    const asked = await start(store, { action: 'wave', parameters: { how: 'x' }, order_ids })
    await run(store, asked.data.id)

    const codes = (await rowsOf(store, asked.data.id)).map(({ code }) => code)
    assert.deepEqual(codes.toSorted(), ['INTERNAL_ERROR', 'ORDER_STAFF_ONLY', null].toSorted())
  })

  it('refuses what it does not understand, and who may not', async () => {
    await using store = await open(engine)
    const order_ids = await placeMany(store, 1)
    const refused = async (body: object, as = someoneWho('orders:update')) => {
      const { status, error } = await store.ask('POST /api/v1/orders/bulk', body, { as })
      return [status, error.code]
    }
    const INVALID = [400, 'VALIDATION_FAILED']
    assert.deepEqual(await refused({ action: 'fly', order_ids }), [
      400,
      'ORDER_BULK_ACTION_UNKNOWN',
    ])
    assert.deepEqual(await refused({ action: 'cancel', order_ids }), [
      403,
      'AUTH_INSUFFICIENT_PERMISSIONS',
    ])
    assert.deepEqual(await refused({ action: 'hold' }), INVALID)
    assert.deepEqual(await refused({ action: 'hold', order_ids, filter: { tag: ['a'] } }), INVALID)
    assert.deepEqual(await refused({ action: 'hold', filter: {} }), INVALID)
    assert.deepEqual(
      await refused({ action: 'hold', order_ids, parameters: { cod: 'x' } }),
      INVALID,
    )
    assert.deepEqual(await refused({ action: 'add_tags', order_ids }), INVALID)
    const missing = await store.ask(`GET /api/v1/orders/bulk/${crypto.randomUUID()}`)
    assert.deepEqual([missing.status, missing.error.code], [404, 'ORDER_BULK_NOT_FOUND'])
    assert.equal((await store.ask('GET /api/v1/orders/bulk')).data.total, 0)
  })
})
