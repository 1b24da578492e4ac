import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import { confirmReservations, consumeUnits, heldBy, reserveStock } from '#modules/inventory'
import type { Context } from '#platform/context'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { lockOrder, type OrderRow } from '../find.ts'
import { fulfilUnits, unfulfilUnits } from '../units/fulfil-units.ts'
import { holderOf } from '../units/held-stock.ts'
import { linesOf, type OrderLine } from '../units/lines.ts'
import { returnUnits } from '../units/return-units.ts'
import { openStore, placeTaxed, type Store } from './selling.ts'

// Random histories of several orders: whatever is asked of them, in whatever state they are, every
// invariant holds after each step, and what is refused is refused with a reason.

const STEPS = 40
const SEEDS = [5, 11]
const ARTICLES = [
  { sku: 'MUG', price: '3.33', units: 60 },
  { sku: 'TEA', price: '4.01', units: 60 },
]

type Play = { store: Store; orders: string[]; next: (below: number) => number }
type Answer = { status: number; body: unknown }

function random(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const any = ({ orders, next }: Play): string => orders[next(orders.length)] as string

async function itemOf(play: Play, id: string) {
  const { items } = await play.store.order(id)
  return items[play.next(items.length)]
}

async function place(play: Play): Promise<Answer | undefined> {
  const { store, orders, next } = play
  if (orders.length > 8) return undefined
  const quantity = 1 + next(6)
  const { id } =
    next(2) === 0
      ? await placeTaxed(store, { MUG: [quantity, 333], TEA: [1 + next(3), 401] })
      : await store.place({ MUG: quantity, TEA: 1 + next(3) })
  orders.push(id)
  return undefined
}

async function pay({ store, ...play }: Play): Promise<Answer> {
  const order_id = any({ store, ...play })
  const { data } = await store.ask(`GET /api/v1/payments/order/${order_id}/total`)
  const due = Math.round(Number(data?.balance ?? 0) * 100)
  const amount = (
    Math.max(1, play.next(2) === 0 ? due : 1 + play.next(Math.max(due, 1))) / 100
  ).toFixed(2)
  const body = { order_id, amount, partial: true, payment_method: 'credit_card' }
  return store.ask('POST /api/v1/payments', body)
}

async function cancelItems(play: Play): Promise<Answer> {
  const id = any(play)
  const item = await itemOf(play, id)
  const items = [{ item_id: item.id, quantity: 1 + play.next(item.quantity) }]
  const body = { items, refund: play.next(2) === 0 }
  return play.store.ask(`POST /api/v1/orders/${id}/cancel-items`, body)
}

async function change(play: Play): Promise<Answer> {
  const { store, next } = play
  const id = any(play)
  const item = await itemOf(play, id)
  const actions = [
    { action: 'set_quantity', item_id: item.id, quantity: next(8) },
    { action: 'add_item', sku: next(2) === 0 ? 'MUG' : 'TEA', quantity: 1 + next(3) },
    { action: 'set_discount', item_id: item.id, amount: (next(300) / 100).toFixed(2) },
    { action: 'set_shipping', amount: (next(900) / 100).toFixed(2) },
    { action: 'replace_item', item_id: item.id, sku: 'TEA' },
    { action: 'set_details', details: { notes: `note ${next(99)}` } },
  ]
  const chosen = actions.filter(() => next(3) === 0)
  const begun = await store.ask(`POST /api/v1/orders/${id}/changes`, {
    ...(chosen.length > 0 && { actions: chosen }),
  })
  if (begun.status !== 201) return begun
  const path = `/api/v1/orders/${id}/changes/${begun.data.id}`
  if (next(6) === 0) return store.ask(`POST ${path}/abandon`, {})
  const applied = await store.ask(`POST ${path}/apply`, { refund: next(3) === 0 })
  if (applied.status === 200) {
    // I-06: what was foretold is what is.
    const { total_amount, tax_total, cancelled_amount } = applied.data.order
    const { order } = begun.data.preview
    assert.deepEqual(
      [total_amount, tax_total, cancelled_amount],
      [order.total_amount, order.tax_total, order.cancelled_amount],
    )
    return applied
  }
  await store.ask(`POST ${path}/abandon`, {})
  return applied
}

async function edit(play: Play): Promise<Answer> {
  const { store, next } = play
  const id = any(play)
  const item = await itemOf(play, id)
  if (next(3) === 0) return store.ask(`DELETE /api/v1/orders/${id}/items/${item.id}`)
  if (next(2) === 0) return store.ask(`PUT /api/v1/orders/${id}`, { notes: `${next(9)}` })
  return store.ask(`POST /api/v1/orders/${id}/items`, { sku: 'MUG', quantity: 1 + next(2) })
}

async function split(play: Play): Promise<Answer> {
  const id = any(play)
  const item = await itemOf(play, id)
  const items = [{ item_id: item.id, quantity: 1 + play.next(item.quantity) }]
  const answer = await play.store.ask(`POST /api/v1/orders/${id}/split`, { items })
  if (answer.status === 201) play.orders.push(answer.data.new_order.id)
  return answer
}

const merge = (play: Play): Promise<Answer> =>
  play.store.ask(`POST /api/v1/orders/${any(play)}/merge`, { orders: [any(play)] })

const move = ({ store, ...play }: Play): Promise<Answer> => {
  const statuses = ['confirmed', 'processing', 'on_hold', 'shipped', 'delivered', 'cancelled']
  const status = statuses[play.next(statuses.length)]
  return store.ask(`PUT /api/v1/orders/${any({ store, ...play })}/status`, { status })
}

type Act = (ctx: Context, order: OrderRow, line: OrderLine) => Promise<unknown>

/** What shipments and returns do with units, with the stock that goes with it. */
async function byHand(play: Play, act: Act): Promise<Answer> {
  const id = any(play)
  try {
    await transactAsSystem(play.store.app, async (ctx) => {
      const order = await lockOrder(ctx, id)
      const lines = (await linesOf(ctx, [order.id])).get(order.id) ?? []
      const line = lines[play.next(lines.length)]
      if (line) await act(ctx, order, line)
    })
    return { status: 200, body: null }
  } catch (error) {
    const { status = 500 } = error as { status?: number }
    return { status, body: String(error) }
  }
}

const unitsOf = ({ id }: OrderLine, quantity: number) => [
  { order_line_id: id as Id<'order_line'>, quantity },
]

const ship = (play: Play) =>
  byHand(play, async (ctx, order, line) => {
    const held = (await heldBy(ctx, [holderOf(order)])).find(
      ({ item_id }) => item_id === line.item_id,
    )
    const most = Math.min(line.open_quantity, held?.quantity ?? 0)
    if (!held || most === 0) return
    const quantity = 1 + play.next(most)
    await consumeUnits(ctx, holderOf(order), [
      { item_id: held.item_id, location_id: held.location_id, quantity },
    ])
    await fulfilUnits(ctx, order, unitsOf(line, quantity))
  })

const comeBack = (play: Play) =>
  byHand(play, async (ctx, order, line) => {
    const out = line.fulfilled_quantity - line.returned_quantity
    if (out === 0) return
    const quantity = 1 + play.next(out)
    await unfulfilUnits(ctx, order, unitsOf(line, quantity))
    if (!line.item_id) return
    await reserveStock(ctx, [{ item_id: line.item_id, quantity }], holderOf(order))
    await confirmReservations(ctx, holderOf(order))
  })

const giveBack = (play: Play) =>
  byHand(play, (ctx, order, line) => {
    const out = line.fulfilled_quantity - line.returned_quantity
    return returnUnits(ctx, order, unitsOf(line, out === 0 ? 1 : 1 + play.next(out)))
  })

/** Units leave here without a shipment, so the work of warehouses knows nothing of it. */
const broken = async (store: Store): Promise<string[]> =>
  (await store.violations()).filter((one) => !one.startsWith('fulfilment:'))

const MOVES = [
  place,
  pay,
  pay,
  cancelItems,
  cancelItems,
  change,
  change,
  change,
  edit,
  split,
  split,
  merge,
  move,
  move,
  ship,
  ship,
  comeBack,
  giveBack,
]

onEveryEngine('orders that are changed', (engine) => {
  for (const seed of SEEDS) {
    it(`keep every invariant through ${STEPS} random steps (seed ${seed})`, async () => {
      await using store = await openStore(engine, ARTICLES)
      const play: Play = { store, orders: [], next: random(seed) }
      for (let nth = 0; nth < 3; nth++) await place(play)
      const done = new Map<string, number>()
      for (let step = 0; step < STEPS; step++) {
        const chosen = MOVES[play.next(MOVES.length)] as (typeof MOVES)[number]
        const answer = await chosen(play)
        const what = `step ${step}, ${chosen.name}: ${JSON.stringify(answer?.body)}`
        assert.ok((answer?.status ?? 200) < 500, what)
        assert.deepEqual(await broken(store), [], what)
        if ((answer?.status ?? 200) < 300) {
          done.set(chosen.name, (done.get(chosen.name) ?? 0) + 1)
        }
      }
      assert.ok(done.size > 5, `too little was done: ${JSON.stringify([...done])}`)
    })
  }
})
