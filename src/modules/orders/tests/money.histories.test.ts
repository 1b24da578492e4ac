import assert from 'node:assert/strict'
import { it } from 'node:test'
import { formatMoney } from '#kit/money'
import { onEveryEngine } from '#testing'
import { openStore, placeTaxed, type Store } from './selling.ts'

// Random histories of one order's money beside a model of a few lines: what it says is what the
// house says, after every step.

const STEPS = 30
const SEEDS = [3, 8]

type Tender = { id: string; captured: number; held: number; refunded: number }
type Line = { id: string; quantity: number; gross: number; refunded: number; given: number }
type Model = { total: number; tenders: Tender[]; lines: Line[]; shipping: number }

const cents = (money: string) => Math.round(Number(money) * 100)
const money = (minor: number) => formatMoney(minor, 'USD')
const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((n, one) => n + of(one), 0)

function random(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const owed = ({ total, tenders }: Model) =>
  total - sum(tenders, (one) => one.captured - one.refunded + one.held)
const takeable = (one: Tender) => one.captured - one.refunded

/** What the house must say of the order's money. */
function told(model: Model) {
  const captured = sum(model.tenders, (one) => one.captured)
  const refunded = sum(model.tenders, (one) => one.refunded)
  const held = sum(model.tenders, (one) => one.held)
  return {
    captured_amount: money(captured),
    refunded_amount: money(refunded),
    held_amount: money(held),
    total_paid: money(captured - refunded),
    balance: money(model.total - captured + refunded),
    payment_status: statusOf(model, { captured, refunded, held }),
  }
}

type Sums = { captured: number; refunded: number; held: number }

function statusOf({ total }: Model, { captured, refunded, held }: Sums): string {
  if (captured > 0 && refunded === captured) return 'refunded'
  if (refunded > 0) return 'partially_refunded'
  if (captured > 0) return captured >= total ? 'paid' : 'partially_paid'
  return held > 0 ? 'authorized' : 'pending'
}

type Play = { store: Store; order_id: string; model: Model; next: (below: number) => number }

async function pay({ store, order_id, model, next }: Play) {
  const due = owed(model)
  const amount = 1 + next(Math.max(due, 1) + 50)
  const capture = next(3) === 0 ? 'manual' : 'automatic'
  const payment_method = next(4) === 0 ? 'cash' : 'credit_card'
  const body = { order_id, amount: money(amount), partial: true, payment_method, capture }
  const { status, data } = await store.ask('POST /api/v1/payments', body)
  if (due <= 0) return assert.equal(status, 409)
  if (amount > due) return assert.equal(status, 400)
  assert.equal(status, 201)
  const held = capture === 'manual' ? amount : 0
  model.tenders.push({ id: data.id, captured: amount - held, held, refunded: 0 })
}

async function capture({ store, model, next }: Play) {
  const tender = model.tenders[next(model.tenders.length)]
  if (!tender) return
  const amount = 1 + next(tender.held + 20)
  const body = { amount: money(amount) }
  const { status } = await store.ask(`POST /api/v1/payments/${tender.id}/capture`, body)
  if (amount > tender.held) return assert.ok([409, 422].includes(status), `${status}`)
  assert.equal(status, 200)
  tender.captured += amount
  tender.held -= amount
}

async function letGo({ store, model, next }: Play) {
  const tender = model.tenders[next(model.tenders.length)]
  if (!tender) return
  const { status } = await store.ask(`POST /api/v1/payments/${tender.id}/void`)
  assert.equal(status, tender.held > 0 ? 200 : 409)
  tender.held = 0
}

async function refundFreely({ store, model, next }: Play) {
  const tender = model.tenders[next(model.tenders.length)]
  if (!tender) return
  const amount = 1 + next(takeable(tender) + 20)
  const body = { amount: money(amount) }
  const { status } = await store.ask(`POST /api/v1/payments/${tender.id}/refunds`, body)
  if (amount > takeable(tender)) return assert.ok([409, 422].includes(status), `${status}`)
  assert.equal(status, 201)
  tender.refunded += amount
}

async function refundUnits({ store, order_id, model, next }: Play) {
  const line = model.lines[next(model.lines.length)] as Line
  const units = 1 + next(line.quantity)
  const goodwill = next(3) === 0 ? 1 + next(200) : 0
  const include_shipping = next(5) === 0
  const body = {
    items: [{ item_id: line.id, quantity: units }],
    include_shipping,
    ...(goodwill > 0 && { amount: money(goodwill) }),
  }
  const preview = await store.ask(`POST /api/v1/orders/${order_id}/refund/preview`, body)
  const { status, data } = await store.ask(`POST /api/v1/orders/${order_id}/refund`, body)
  const share = Math.floor((line.gross * (line.refunded + units)) / line.quantity) - line.given
  const amount = share + goodwill + (include_shipping ? model.shipping : 0)
  const there = sum(model.tenders, takeable)
  const isOpen = units <= line.quantity - line.refunded && amount > 0 && amount <= there
  if (!isOpen) {
    assert.deepEqual([preview.status, status], [422, 422])
    return
  }
  assert.deepEqual([preview.status, status, cents(data.amount)], [200, 201, amount])
  assert.equal(preview.data.amount, data.amount)
  line.refunded += units
  line.given += share
  if (include_shipping) model.shipping = 0
  spread(model, amount)
}

function spread({ tenders }: Model, amount: number) {
  let left = amount
  for (const tender of tenders.toReversed()) {
    const taken = Math.min(left, takeable(tender))
    tender.refunded += taken
    left -= taken
  }
}

async function enlarge({ store, order_id, model, next }: Play) {
  if (model.lines.length > 5) return
  const quantity = 1 + next(3)
  const body = { sku: 'TEA', quantity }
  const { status, data } = await store.ask(`POST /api/v1/orders/${order_id}/items`, body)
  assert.equal(status, 200)
  const added = data.items.at(-1)
  const gross = cents(added.gross_price)
  model.lines.push({ id: added.id, quantity, gross, refunded: 0, given: 0 })
  model.total += gross
}

const MOVES = [pay, pay, pay, capture, letGo, refundFreely, refundUnits, refundUnits, enlarge]

onEveryEngine("an order's money", (engine) => {
  for (const seed of SEEDS) {
    it(`is what a model of it says after each of ${STEPS} random steps (seed ${seed})`, async () => {
      const articles = [
        { sku: 'MUG', price: '3.33' },
        { sku: 'TEA', price: '4.01' },
      ]
      await using store = await openStore(engine, articles)
      const order =
        seed % 2
          ? await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] })
          : await store.place({ MUG: 7, TEA: 3 })
      const lines = order.items.map(
        (item: { id: string; quantity: number; gross_price: string }) => ({
          id: item.id,
          quantity: item.quantity,
          gross: cents(item.gross_price),
          refunded: 0,
          given: 0,
        }),
      )
      const total = cents(order.total_amount)
      const model: Model = {
        total,
        tenders: [],
        lines,
        shipping: total - sum(lines as Line[], ({ gross }) => gross),
      }
      const next = random(seed)
      const play = { store, order_id: order.id, model, next }
      for (let step = 0; step < STEPS; step++) {
        const move = MOVES[next(MOVES.length)] as (typeof MOVES)[number]
        await move(play)
        const { data } = await store.ask(`GET /api/v1/payments/order/${order.id}/total`)
        const { payment_status } = await store.order(order.id)
        const said = { ...data, payment_status }
        const expected = told(model)
        for (const [member, value] of Object.entries(expected)) {
          assert.equal(said[member], value, `step ${step}, ${move.name}: ${member}`)
        }
      }
      assert.deepEqual(await store.violations(), [])
    })
  }
})
