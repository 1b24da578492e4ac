import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import type { Id } from '#kit/ids'
import { amountOfUnits, type Priced, type PricedLine, priced, type TaxRate } from '#modules/pricing'
import { applied } from '../changes/apply.ts'
import type { Effect, OrderState, Rows, StateLine } from '../changes/effects.ts'
import { roomForDiscount, totalsOf } from '../changes/money.ts'
import { parted } from '../changes/parted.ts'
import { replayed, untrueMembers } from '../changes/replay.ts'
import { FRESH_LINE } from '../placing.ts'
import { openUnits } from '../units/lines.ts'
import { paidForLine } from '../wire.ts'

// The pure half of changes: no database, many orders.

const lineId = (nth: number) => `00000000-0000-7000-8000-0000000000${nth + 10}` as Id<'order_line'>
const STATE_TAX: TaxRate = {
  name: 'State',
  jurisdiction: 'US-ME',
  rate_ppm: 55_000,
  reason: 'standard',
}
const CITY_TAX: TaxRate = {
  ...STATE_TAX,
  name: 'City',
  jurisdiction: 'US-ME-PWM',
  rate_ppm: 27_500,
}

type Sold = { quantity: number; unit_amount: number; cancelled: number; fulfilled: number }
type Given = { lines: Sold[]; percent_ppm: number; included: boolean; taxed: boolean }

const DETAILS = {
  shipping_address: null,
  billing_address: null,
  payment_method_id: null,
  notes: null,
  email: null,
}

/** An order as a checkout freezes it, with units that were cancelled or have left since. */
function orderOf(given: Given): OrderState {
  const { included, taxed } = given
  const money = moneyOf(given)
  const rows: Rows = { lines: [], fees: [], discounts: [], shares: [], taxes: [] }
  for (const part of money.lines) {
    const line = lineOf(given, part)
    rows.lines.push(line)
    const place = { order_line_id: line.id, fee_position: null }
    for (const { amount } of part.discounts) {
      const position = rows.shares.length + 1
      rows.shares.push({ position, discount_position: 1, ...place, amount })
    }
    for (const tax of part.taxes) {
      rows.taxes.push({ position: rows.taxes.length + 1, ...place, ...tax })
    }
  }
  if (money.shipping) {
    const { taxes, discounts: _, ...amounts } = money.shipping
    rows.fees.push({ position: 1, kind: 'shipping', code: 's', name: 'Shipping', ...amounts })
    const place = { order_line_id: null, fee_position: 1 }
    for (const tax of taxes) {
      rows.taxes.push({ position: rows.taxes.length + 1, ...place, ...tax })
    }
  }
  const amount = rows.shares.reduce((sum, share) => sum + share.amount, 0)
  if (amount > 0) {
    const told = { promotion_id: 'ten', code: 'TEN', label: 'Off', explanation: '' }
    rows.discounts.push({ position: 1, ...told, amount })
  }
  const tax_status = taxed ? 'computed' : 'not_computed'
  return { ...rows, currency: 'USD', prices_include_tax: included, tax_status, details: DETAILS }
}

function moneyOf({ lines, percent_ppm, included, taxed }: Given): Priced {
  const rates = taxed ? [STATE_TAX, CITY_TAX] : []
  return priced({
    lines: lines.map(({ quantity, unit_amount }, nth) => ({
      key: String(nth),
      quantity,
      unit_amount,
      taxes: rates,
    })),
    shipping: taxed ? { amount: 999, taxes: rates } : null,
    discounts: [
      {
        id: 'ten',
        code: 'TEN',
        label: 'Off',
        priority: 1,
        exclusive: false,
        minimum_amount: 0,
        line_keys: null,
        kind: 'percent',
        rate_ppm: percent_ppm,
      },
    ],
    prices_include_tax: included,
    tax_rounding: 'document',
  })
}

function lineOf({ lines, taxed }: Given, part: PricedLine): StateLine {
  const nth = Number(part.key)
  const { cancelled, fulfilled } = lines[nth] as Sold
  const { quantity, unit_amount, base_amount: total_amount, discount_amount } = part
  const named = { product_id: 'p', variant_id: 'v', item_id: null, sku: `S${nth}`, name: 'A' }
  const line = {
    ...named,
    ...FRESH_LINE,
    id: lineId(nth),
    position: nth + 1,
    quantity,
    unit_amount,
    total_amount,
    discount_amount,
    tax_rate: taxed ? '0.0825' : null,
    net_amount: taxed ? part.net_amount : null,
    tax_amount: taxed ? part.tax_amount : null,
    gross_amount: taxed ? part.gross_amount : null,
    tax_class: null,
    image_url: null,
    cancelled_quantity: cancelled,
    fulfilled_quantity: fulfilled,
  } as unknown as StateLine
  const cancelled_amount = amountOfUnits(paidForLine(line), cancelled, quantity)
  return { ...line, cancelled_amount }
}

const sold: fc.Arbitrary<Sold> = fc
  .record({
    quantity: fc.integer({ min: 1, max: 9 }),
    unit_amount: fc.integer({ min: 0, max: 1999 }),
    cancelled: fc.nat(3),
    fulfilled: fc.nat(3),
  })
  .map(({ quantity, unit_amount, cancelled, fulfilled }) => {
    const gone = Math.min(cancelled, quantity)
    return {
      quantity,
      unit_amount,
      cancelled: gone,
      fulfilled: Math.min(fulfilled, quantity - gone),
    }
  })
const orders: fc.Arbitrary<OrderState> = fc
  .record({
    lines: fc.array(sold, { minLength: 1, maxLength: 4 }),
    percent_ppm: fc.constantFrom(0, 100_000, 333_333),
    included: fc.boolean(),
    taxed: fc.boolean(),
  })
  .map(orderOf)

/** What must be true of every order, whatever was done to it. */
function assertSound(state: OrderState, what: string): void {
  const sum = (rows: readonly { amount: number }[]) => rows.reduce((n, { amount }) => n + amount, 0)
  for (const line of state.lines) {
    const shares = state.shares.filter(({ order_line_id }) => order_line_id === line.id)
    assert.equal(sum(shares), line.discount_amount, `${what}: shares of ${line.sku}`)
    assert.ok(line.discount_amount <= line.total_amount, `${what}: discount of ${line.sku}`)
    assert.equal(line.total_amount, line.unit_amount * line.quantity)
    assert.ok(openUnits(line) >= 0, `${what}: units of ${line.sku}`)
    const gross = paidForLine(line)
    const share =
      line.cancelled_quantity === 0
        ? 0
        : amountOfUnits(gross, line.cancelled_quantity, line.quantity)
    assert.equal(line.cancelled_amount, share, `${what}: cancelled of ${line.sku}`)
    if (line.gross_amount === null) continue
    const taxes = state.taxes.filter(({ order_line_id }) => order_line_id === line.id)
    const { net_amount, tax_amount, gross_amount, total_amount, discount_amount } = line
    assert.equal(sum(taxes), tax_amount, `${what}: taxes of ${line.sku}`)
    assert.ok(taxes.every((tax) => tax.taxable_amount === net_amount))
    assert.equal(gross_amount, (net_amount ?? 0) + (tax_amount ?? 0))
    const told = state.prices_include_tax ? gross_amount : net_amount
    assert.equal(told, total_amount - discount_amount, `${what}: price of ${line.sku}`)
  }
  for (const discount of state.discounts) {
    const own = state.shares.filter((share) => share.discount_position === discount.position)
    assert.equal(sum(own), discount.amount, `${what}: discount`)
    assert.ok(discount.amount > 0)
  }
}

/** A step that the order allows, chosen by numbers. */
function stepFor(state: OrderState, [kind, at, more]: readonly [number, number, number]): Effect {
  const lines = state.lines.filter(({ quantity }) => quantity > 0)
  const line = (lines[at % lines.length] ?? state.lines[0]) as StateLine
  const gone = line.cancelled_quantity + line.fulfilled_quantity
  switch (kind % 6) {
    case 0:
      return { kind: 'set_quantity', order_line_id: line.id, quantity: gone + (more % 12) }
    case 1:
      return {
        kind: 'set_discount',
        order_line_id: line.id,
        amount: more % (roomForDiscount(state, line) + 1),
        label: 'Sorry',
      }
    case 2: {
      const fee = more % 4 === 0 ? null : { code: 'x', name: 'X', amount: more % 2000 }
      return { kind: 'set_shipping', fee, rates: [STATE_TAX] }
    }
    case 3: {
      const { id: _, ...named } = line
      const id = lineId(state.lines.length)
      const added = { ...named, id, quantity: 1 + (more % 5), unit_amount: more % 500 }
      return { kind: 'add_line', line: added, rates: [STATE_TAX, CITY_TAX] }
    }
    case 4: {
      const quantity = openUnits(line) === 0 ? 0 : 1 + (more % openUnits(line))
      return { kind: 'cancel_units', units: [{ order_line_id: line.id, quantity }] }
    }
    default:
      return { kind: 'set_details', details: { notes: `note ${more}` } }
  }
}

const steps = fc.array(fc.tuple(fc.nat(5), fc.nat(9), fc.nat(9999)), { maxLength: 12 })

it('I-02, I-03: an order adds up after any steps', () => {
  fc.assert(
    fc.property(orders, steps, (order, asked) => {
      assertSound(order, 'placed')
      let state = order
      for (const numbers of asked) {
        const effect = stepFor(state, numbers)
        state = applied(state, effect)
        assertSound(state, JSON.stringify(effect))
      }
    }),
    { numRuns: 400 },
  )
})

it('I-05: replaying the steps from how it was placed gives the same order', () => {
  fc.assert(
    fc.property(orders, steps, fc.boolean(), (origin, asked, is_cancelled) => {
      const effects: Effect[] = []
      let state = origin
      for (const numbers of asked) {
        const effect = stepFor(state, numbers)
        effects.push(effect)
        state = applied(state, effect)
      }
      // As they come back from the database.
      const stored = JSON.parse(JSON.stringify({ origin, effects }))
      const history = { ...stored, is_cancelled }
      const now = is_cancelled ? replayed({ origin: state, effects: [], is_cancelled }) : state
      assert.deepEqual(untrueMembers(history, now), { before: {}, after: {} })
      const other = { ...now, details: { ...now.details, notes: 'otherwise' } }
      assert.notDeepEqual(untrueMembers(history, other), { before: {}, after: {} })
    }),
    { numRuns: 200 },
  )
})

it('I-09: parts are together what the order was, and so is an order merged of them', () => {
  const cases = fc.tuple(orders, fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }))
  fc.assert(
    fc.property(cases, ([order, wanted]) => {
      const units = order.lines.flatMap((line, nth) => {
        const quantity = Math.min(wanted[nth] ?? 0, openUnits(line))
        return line.cancelled_quantity > 0 || quantity === 0
          ? []
          : [{ order_line_id: line.id, quantity }]
      })
      const { staying, leaving } = parted(order, units)
      const left: OrderState = { ...order, ...leaving }
      assertSound(staying, 'staying')
      assertSound(left, 'leaving')
      const [whole, a, b] = [order, staying, left].map(totalsOf)
      for (const member of Object.keys(whole as object) as (keyof NonNullable<typeof whole>)[]) {
        if (member === 'subtotal_amount') continue
        assert.equal((a?.[member] ?? 0) + (b?.[member] ?? 0), whole?.[member], member)
      }
      const renamed = { ...leaving, lines: leaving.lines, discounts: leaving.discounts }
      const merged = applied(staying, { kind: 'take_rows', rows: renamed, from: '' as never })
      assert.equal(totalsOf(merged).total_amount, whole?.total_amount)
      assert.equal(totalsOf(merged).tax_amount, whole?.tax_amount)
    }),
    { numRuns: 400 },
  )
})
