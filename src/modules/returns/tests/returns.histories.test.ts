import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { placeTaxed } from '../../orders/tests/selling.ts'
import { ARTICLES, deliver, done, openStore, type Store } from './desk.ts'

// Random histories of the returns of one order beside a model that counts units and cents by
// itself: what it says is what the house says, after every step.

const STEPS = 80
const SEEDS = [12, 21]
const FEE_PPM = 150_000

const cents = (money: string) => Math.round(Number(money) * 100)
const sum = <T>(all: Iterable<T>, of: (one: T) => number) =>
  [...all].reduce((total, one) => total + of(one), 0)

type Line = { id: string; sku: string; units: number; gross: number; paid: number; given: number }
type Back = {
  id: string
  line: Line
  status: string
  wanted: number
  received: number
  over: number
  looked: { shelf: number; kept: number; scrapped: number; sent: number }
  accepted: number
  paid: number
  share: number
}
type Model = { lines: Line[]; backs: Back[]; money: number; fees: number }
type Play = { store: Store; order_id: string; model: Model; next: (below: number) => number }

function random(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const OPEN = ['Requested', 'Approved', 'PartiallyReceived']
const inspected = ({ looked }: Back) => sum(Object.values(looked), (one) => one)

/** Units of the line that a return takes from the others. */
function held({ status, wanted, received, looked }: Back): number {
  if (status === 'Rejected' || status === 'Cancelled') return 0
  return (OPEN.includes(status) ? Math.max(wanted, received) : received) - looked.sent
}
const free = ({ backs }: Model, line: Line) =>
  line.units - sum(backs, (back) => (back.line === line ? held(back) : 0))

/** Mostly one with which something can be done. */
function pick({ model, next }: Play): Back | undefined {
  const open = model.backs.filter(({ status }) => OPEN.includes(status) || status === 'Received')
  const some = next(4) > 0 && open.length > 0 ? open : model.backs
  return some[next(some.length)]
}

async function request({ store, order_id, model, next }: Play) {
  const line = model.lines[next(model.lines.length)] as Line
  const quantity = 1 + next(3)
  const items = [{ order_item_id: line.id, quantity }]
  const body = { order_id, reason: 'regret', items }
  const { status, data } = await store.ask('POST /api/v1/returns', body)
  assert.equal(status, quantity <= free(model, line) ? 201 : 422)
  if (status !== 201) return
  model.backs.push({
    id: data.id,
    line,
    status: 'Requested',
    wanted: quantity,
    received: 0,
    over: 0,
    looked: { shelf: 0, kept: 0, scrapped: 0, sent: 0 },
    accepted: 0,
    paid: 0,
    share: 0,
  })
}

const MOVES: Record<string, [from: string[], to: string]> = {
  approve: [['Requested'], 'Approved'],
  reject: [['Requested'], 'Rejected'],
  cancel: [['Requested', 'Approved'], 'Cancelled'],
  reopen: [['Rejected', 'Cancelled'], 'Requested'],
}

async function decide(play: Play) {
  const { store, model, next } = play
  const back = pick(play)
  if (!back) return
  // Mostly agreed, so that something comes back.
  const names = ['approve', 'approve', 'approve', 'reject', 'cancel', 'reopen']
  const move = names[next(names.length)] as string
  const [from, to] = MOVES[move] as [string[], string]
  const { status } = await store.ask(`POST /api/v1/returns/${back.id}/${move}`, {})
  if (!from.includes(back.status)) return assert.equal(status, 409)
  if (move === 'reopen' && back.wanted > free(model, back.line)) return assert.equal(status, 422)
  assert.equal(status, 200)
  back.status = to
}

async function receive(play: Play) {
  const { store, model, next } = play
  const back = pick(play)
  if (!back) return
  const quantity = 1 + next(3)
  const over_receipt = next(3) === 0
  const final = next(6) === 0
  const items = [{ sku: back.line.sku, quantity }]
  const body = { items, over_receipt, final }
  const { status } = await store.ask(`POST /api/v1/returns/${back.id}/receive`, body)
  if (!['Approved', 'PartiallyReceived'].includes(back.status)) return assert.equal(status, 409)
  const awaited = Math.max(0, back.wanted - back.received)
  if (quantity > awaited && !over_receipt) return assert.equal(status, 409)
  const most = free(model, back.line) + held(back)
  if (back.received + quantity - back.looked.sent > most) return assert.equal(status, 422)
  assert.equal(status, 200)
  back.over += Math.max(0, quantity - awaited)
  back.received += quantity
  const isWhole = final || back.received >= back.wanted
  back.status = isWhole ? 'Received' : 'PartiallyReceived'
  settle(back)
}

const WORDS = {
  shelf: 'restock',
  kept: 'quarantine',
  scrapped: 'scrap',
  sent: 'send_back',
} as const

async function inspect(play: Play) {
  const { store, next } = play
  const back = pick(play)
  if (!back) return
  const quantity = 1 + next(2)
  const what = (['shelf', 'shelf', 'kept', 'scrapped', 'sent'] as const)[next(5)] ?? 'shelf'
  const accepted = what !== 'sent' && next(4) > 0
  const item = { sku: back.line.sku, quantity, disposition: WORDS[what], accepted }
  const { status } = await store.ask(`POST /api/v1/returns/${back.id}/inspect`, { items: [item] })
  if (quantity > back.received - inspected(back)) return assert.equal(status, 409)
  assert.equal(status, 200)
  back.looked[what] += quantity
  if (accepted) back.accepted += quantity
  settle(back)
}

async function refund(play: Play) {
  const { store, model } = play
  const back = pick(play)
  if (!back) return
  const { status, data } = await store.ask(`POST /api/v1/returns/${back.id}/refund`, {})
  if (!['PartiallyReceived', 'Received'].includes(back.status)) return assert.equal(status, 409)
  const units = back.accepted - back.paid
  if (units === 0) return assert.ok(status === 409 || status === 422, `${status}`)
  assert.equal(status, 200, JSON.stringify(data))
  const { line } = back
  const share = Math.floor((line.gross * (line.paid + units)) / line.units) - line.given
  const fee = (amount: number) => Math.round((amount * FEE_PPM) / 1_000_000)
  const kept = Math.min(share, fee(back.share + share) - fee(back.share))
  line.paid += units
  line.given += share
  back.paid += units
  back.share += share
  model.money += share - kept
  model.fees += kept
  settle(back)
}

/** A return is refunded once all that came was looked at, and all that was accepted is paid. */
function settle(back: Back): void {
  if (back.status !== 'Received' || back.accepted === 0) return
  if (inspected(back) === back.received && back.paid === back.accepted) back.status = 'Refunded'
}

async function compare({ store, order_id, model }: Play) {
  for (const back of model.backs) {
    const { data } = await store.ask(`GET /api/v1/returns/${back.id}`)
    const [item] = data.items
    assert.deepEqual(
      {
        status: data.status,
        received: item.received_quantity,
        over: item.over_received_quantity,
        looked: {
          shelf: item.restocked_quantity,
          kept: item.quarantined_quantity,
          scrapped: item.scrapped_quantity,
          sent: item.sent_back_quantity,
        },
        accepted: item.accepted_quantity,
        paid: item.refunded_quantity,
      },
      {
        status: back.status,
        received: back.received,
        over: back.over,
        looked: back.looked,
        accepted: back.accepted,
        paid: back.paid,
      },
    )
  }
  const { data } = await store.ask(`GET /api/v1/orders/${order_id}/refunds?limit=100`)
  assert.equal(
    sum<{ amount: string }>(data.items, (one) => cents(one.amount)),
    model.money,
  )
  assert.equal(
    sum<{ fee_amount: string }>(data.items, (one) => cents(one.fee_amount)),
    model.fees,
  )
  for (const line of model.lines) {
    const own = model.backs.filter((back) => back.line === line)
    const shelf = 1000 - line.units + sum(own, (back) => back.looked.shelf)
    assert.equal(await store.available(line.sku), shelf)
  }
}

onEveryEngine('the returns of an order', (engine) => {
  for (const seed of SEEDS) {
    it(`are what a model counts, after any history (seed ${seed})`, {
      timeout: 300_000,
    }, async () => {
      await using store = await openStore(engine, ARTICLES)
      await done(store, 'POST /api/v1/returns/reasons', { code: 'regret', label: 'Regret' })
      await done(store, 'POST /api/v1/returns/policies', {
        name: 'Regret',
        reason_code: 'regret',
        restocking_fee_rate: '0.15',
      })
      const order = await placeTaxed(store, { MUG: [7, 333], TEA: [5, 401] })
      await store.pay(order)
      await deliver(store, order)
      const lines = order.items.map(
        (item: any): Line => ({
          id: item.id,
          sku: item.sku,
          units: item.quantity,
          gross: cents(item.gross_price),
          paid: 0,
          given: 0,
        }),
      )
      const model: Model = { lines, backs: [], money: 0, fees: 0 }
      const play = { store, order_id: order.id, model, next: random(seed) }
      const steps = [request, decide, decide, receive, receive, inspect, inspect, refund]
      for (let nth = 0; nth < STEPS; nth++) {
        const step = steps[play.next(steps.length)] as (play: Play) => Promise<void>
        await step(play)
        if (nth % 8 === 7) await compare(play)
      }
      await compare(play)
      assert.deepEqual(await store.violations(), [])
      assert.ok(model.money > 0 && model.fees > 0, 'nothing was paid back')
    })
  }
})
