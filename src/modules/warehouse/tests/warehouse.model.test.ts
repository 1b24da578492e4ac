import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { consumeUnits, postMovements, reserveStock } from '#modules/inventory'
import type { Engine } from '#platform/database/database'
import { onEveryEngine } from '#testing'
import { dayFrom, type Floor, openFloor } from './floor.ts'

// Goal: no sequence of receipts, shipments, moves, losses, damages and counts leaves units anywhere
// else than a few lines in memory do.
// Method: play random steps on one item with lots in a location with bins; compare every answer and
// every place after each step, and the invariants at the end.

const RUNS: Record<Engine, number> = { sqlite: 12, postgres: 2 }
const LOTS = ['SOON', 'LATER', 'NEVER'] as const
const BINS = ['A', 'B', null] as const

const lot = fc.constantFrom(...LOTS)
const bin = fc.constantFrom(...BINS)
const quantity = fc.integer({ min: 1, max: 5 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('receive' as const), lot, bin, quantity }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ship' as const), quantity }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), quantity }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('damage' as const), quantity }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      lot,
      from: bin,
      to: fc.constantFrom('A' as const, 'B' as const),
      quantity,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('count' as const),
      nth: fc.nat(5),
      off: fc.integer({ min: -2, max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('approve' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
type Place = { lot: string; bin: string | null }

/** Where units lie, by bin and lot; the order of lots and bins is the order of picking. */
class Model {
  readonly places = new Map<string, number>()
  /** A count that waits for its approval: where, and what was found beyond the books. */
  open: { at: Place; difference: number } | undefined

  get sellable(): (Place & { quantity: number })[] {
    return LOTS.flatMap((one) => BINS.map((where) => ({ lot: one, bin: where })))
      .map((at) => ({ ...at, quantity: this.at(at) }))
      .filter((one) => one.quantity > 0)
  }

  at = ({ lot: one, bin: where }: Place, state = 'sellable'): number =>
    this.places.get(`${where ?? '-'} ${one} ${state}`) ?? 0

  put({ lot: one, bin: where }: Place, units: number, state = 'sellable'): void {
    const key = `${where ?? '-'} ${one} ${state}`
    this.places.set(key, (this.places.get(key) ?? 0) + units)
  }

  take(units: number): (Place & { quantity: number })[] | undefined {
    const found = this.sellable
    if (found.reduce((sum, one) => sum + one.quantity, 0) < units) return undefined
    let left = units
    return found.flatMap((one) => {
      const taken = Math.min(left, one.quantity)
      left -= taken
      if (taken > 0) this.put(one, -taken)
      return taken > 0 ? [{ ...one, quantity: taken }] : []
    })
  }

  get told(): string[] {
    return [...this.places]
      .filter(([, units]) => units > 0)
      .map(([key, units]) => `${key} ${units}`)
      .sort()
  }
}

type Play = { floor: Floor; model: Model; nth: number; counts: string[] }

async function play({ floor, model, nth, counts }: Play, one: Step): Promise<void> {
  const item_id = floor.items.get('TEA') as never
  const location_id = floor.location_id as never
  if (one.do === 'receive') {
    model.put(one, one.quantity)
    const where = one.bin === null ? {} : { bin: `MAIN-${one.bin}` }
    await floor.receive({ item_id: 'TEA', quantity: one.quantity, lot_number: one.lot, ...where })
  } else if (one.do === 'ship') {
    const reference = { reference_type: 'basket', reference_id: `B-${nth}` }
    const shipped = floor.write(async (ctx) => {
      await reserveStock(ctx, [{ item_id, quantity: one.quantity }], reference)
      await consumeUnits(ctx, reference, [{ item_id, location_id, quantity: one.quantity }])
    })
    if (model.take(one.quantity)) await shipped
    else await assert.rejects(shipped, { code: 'INSUFFICIENT_STOCK' })
  } else if (one.do === 'lose' || one.do === 'damage') {
    const states = { state_from: 'sellable' as const, state_to: 'damaged' as const }
    const move = { item_id, sku: 'TEA', location_id, reason: null }
    const lost = floor.write((ctx) =>
      postMovements(ctx, [
        one.do === 'lose'
          ? { ...move, quantity_delta: -one.quantity, kind: 'adjusted' }
          : { ...move, ...states, quantity_delta: one.quantity, kind: 'moved' },
      ]),
    )
    const taken = model.take(one.quantity)
    if (!taken) await assert.rejects(lost, { code: 'STOCK_BELOW_RESERVED' })
    else await lost
    if (one.do === 'damage') for (const at of taken ?? []) model.put(at, at.quantity, 'damaged')
  } else if (one.do === 'move') {
    await moveUnits(floor, model, one)
  } else if (one.do === 'count') {
    await enterCount({ floor, model, nth, counts }, one)
  } else if (model.open && counts.length > 0) {
    await approveCount({ floor, model, nth, counts })
  }
}

async function moveUnits(
  floor: Floor,
  model: Model,
  one: Extract<Step, { do: 'move' }>,
): Promise<void> {
  const { items } = await floor.make(`GET /api/v1/lots?item_id=TEA&lot_number=${one.lot}`)
  const line = {
    item_id: 'TEA',
    quantity: one.quantity,
    lot_id: items[0].id,
    from_bin: one.from && `MAIN-${one.from}`,
    to_bin: `MAIN-${one.to}`,
  }
  const body = { location_id: 'MAIN', lines: [line] }
  const from = { lot: one.lot, bin: one.from }
  if (model.at(from) < one.quantity) {
    assert.equal(await floor.refused('POST /api/v1/warehouse/moves', body), 'UNITS_NOT_THERE')
    return
  }
  await floor.make('POST /api/v1/warehouse/moves', body)
  model.put(from, -one.quantity)
  model.put({ lot: one.lot, bin: one.to }, one.quantity)
}

async function enterCount(
  { floor, model, counts }: Play,
  { nth, off }: Extract<Step, { do: 'count' }>,
): Promise<void> {
  const found = model.sellable
  const at = found[nth % Math.max(1, found.length)]
  if (model.open || !at) return
  const { id } = await floor.make('POST /api/v1/cycle-counts', { location_id: 'MAIN' })
  const { items } = await floor.make(`GET /api/v1/cycle-counts/${id}/sheet?limit=100`)
  const line = items.find((row: any) => row.lot_number === at.lot && row.bin_code === at.bin)
  const counted = Math.max(0, at.quantity + off)
  const lines = [{ line_id: line.id, quantity: counted }]
  await floor.make(`POST /api/v1/cycle-counts/${id}/entries`, { lines })
  model.open = { at, difference: counted - at.quantity }
  counts.push(id)
}

async function approveCount({ floor, model, counts }: Play): Promise<void> {
  const { at, difference } = model.open as NonNullable<Model['open']>
  const path = `POST /api/v1/cycle-counts/${counts.at(-1)}/approve`
  const { status } = await floor.make(path, { skip_uncounted: true })
  if (model.at(at) + difference < 0) {
    assert.equal(status, 'counting')
    return
  }
  assert.equal(status, 'completed')
  model.put(at, difference)
  model.open = undefined
}

onEveryEngine('a warehouse', (engine) => {
  it('has its units where a model has them, after any history', { timeout: 300_000 }, async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (history) => {
      await using floor = await openFloor(engine)
      await floor.item('TEA', { tracking: 'lot' })
      const bins = [
        { code: 'A', type: 'picking' },
        { code: 'B', type: 'storage' },
      ]
      await floor.make('POST /api/v1/warehouse/bins', { location_id: 'MAIN', bins })
      await floor.make('POST /api/v1/locations/MAIN/start-bins')
      for (const [nth, lot_number] of LOTS.entries()) {
        const dates = lot_number === 'NEVER' ? {} : { expires_on: dayFrom(10 + 10 * nth) }
        await floor.make('POST /api/v1/lots', { item_id: 'TEA', lot_number, ...dates })
      }
      const model = new Model()
      const counts: string[] = []
      for (const [nth, one] of history.entries()) {
        await play({ floor, model, nth, counts }, one)
        assert.deepEqual(await floor.places('TEA'), model.told, JSON.stringify(one))
      }
      assert.deepEqual(await floor.house.violations(), [])
    })
    const seed = process.env.TEST_SEED
    await fc.assert(property, { numRuns: RUNS[engine], ...(seed && { seed: Number(seed) }) })
  })
})
