import { AMOUNT_MAX, moneyErrors } from '#kit/money'
import { valuationErrors } from './errors.ts'
import type { EntryRow, LayerRow, PoolRow } from './tables.ts'

// Pure arithmetic of values: nothing here knows a database.

/** Which cost counted for units that came in. */
export const COST_SOURCES = {
  stated: 'Their receipt said what they cost.',
  average: 'Those that were there already: units came back, or were found.',
  last: 'What a unit cost when somebody last said so.',
  catalogue: 'The cost price in the catalogue.',
  unknown: 'Nobody knows: they count as worth nothing until they are valued.',
} as const
export type CostSource = keyof typeof COST_SOURCES

export type Cost = { amount: number; currency: string }

/** Units that come into the house (positive) or leave it. */
export type Flow = Pick<
  EntryRow,
  'item_id' | 'movement_id' | 'kind' | 'reason' | 'reference_type' | 'reference_id'
> & { quantity: number; stated: Cost | null }

/** Units of one receipt that are left; `sequence` is null until the layer is stored. */
export type Layer = Pick<LayerRow, 'movement_id' | 'left_quantity' | 'left_amount'> & {
  sequence: number | null
  /** What was left when it was read, for the guard of the write. */
  known_quantity: number
}

/** An item as its entries have left it, with as many layers as its flows can take from. */
export type Book = { pool: PoolRow; layers: Layer[]; catalogue: Cost | undefined }

export type Change = Omit<EntryRow, 'sequence' | 'actor' | 'occurred_at'>

/**
 * Books flows in their order: `book` becomes what it is afterwards, and an entry says so for each.
 * Units that leave take their part of the average (the last one takes the remainder, so that
 * nothing is left over), and the oldest layers. Throws `other_currency`, `AMOUNT_TOO_LARGE`.
 */
export const bookFlows = (book: Book, flows: readonly Flow[]): Change[] =>
  flows.map((flow) => (flow.quantity > 0 ? comeIn(book, flow) : goOut(book, flow)))

function comeIn(book: Book, flow: Flow): Change {
  const { pool } = book
  const { quantity } = flow
  const { amount, cost_source } = worthOf(book, flow)
  pool.average_amount = within(pool.average_amount + amount, pool)
  pool.fifo_amount = within(pool.fifo_amount + amount, pool)
  pool.quantity += quantity
  book.layers.push({
    sequence: null,
    movement_id: flow.movement_id,
    left_quantity: quantity,
    left_amount: amount,
    known_quantity: quantity,
  })
  return entryOf(pool, flow, { cost_source, average: amount, fifo: amount })
}

/** What units that come in are worth together, and who says so. */
function worthOf(
  { pool, catalogue }: Book,
  { quantity, stated }: Flow,
): { amount: number; cost_source: CostSource } {
  if (stated) {
    takeCurrency(pool, stated.currency)
    pool.last_unit_amount = stated.amount
    return { amount: times(stated.amount, quantity, pool), cost_source: 'stated' }
  }
  if (pool.quantity > 0 && pool.average_amount > 0) {
    const amount = share(pool.average_amount, quantity, pool.quantity)
    return { amount, cost_source: 'average' }
  }
  if (pool.last_unit_amount !== null) {
    return { amount: times(pool.last_unit_amount, quantity, pool), cost_source: 'last' }
  }
  if (catalogue && (pool.currency === null || pool.currency === catalogue.currency)) {
    pool.currency = catalogue.currency
    return { amount: times(catalogue.amount, quantity, pool), cost_source: 'catalogue' }
  }
  return { amount: 0, cost_source: 'unknown' }
}

/** An item that is worth something keeps its currency. */
export function takeCurrency(pool: PoolRow, currency: string): void {
  const isWorth = pool.average_amount > 0 || pool.fifo_amount > 0
  if (isWorth && pool.currency !== currency) {
    const { item_id, currency: known } = pool
    throw valuationErrors.other_currency({ item_id, currency, known: known as string })
  }
  if (pool.currency !== currency) pool.last_unit_amount = null
  pool.currency = currency
}

function goOut({ pool, layers }: Book, flow: Flow): Change {
  const quantity = -flow.quantity
  if (quantity > pool.quantity) throw new Error(`${pool.item_id} has fewer units than leave it`)
  const average = share(pool.average_amount, quantity, pool.quantity)
  const fifo = takeOldest(layers, quantity)
  pool.average_amount -= average
  pool.fifo_amount -= fifo
  pool.quantity -= quantity
  return entryOf(pool, flow, { cost_source: null, average: -average, fifo: -fifo })
}

function takeOldest(layers: readonly Layer[], quantity: number): number {
  let open = quantity
  let amount = 0
  for (const layer of layers) {
    if (open === 0) break
    if (layer.left_quantity === 0) continue
    const taken = Math.min(open, layer.left_quantity)
    const part = share(layer.left_amount, taken, layer.left_quantity)
    layer.left_quantity -= taken
    layer.left_amount -= part
    open -= taken
    amount += part
  }
  if (open > 0) throw new Error('the layers of an item hold fewer units than it has')
  return amount
}

type Deltas = { cost_source: CostSource | null; average: number; fifo: number }

const entryOf = (
  pool: PoolRow,
  { quantity, stated: _, ...cause }: Flow,
  { cost_source, average, fifo }: Deltas,
): Change => ({
  ...cause,
  cost_source,
  quantity_delta: quantity,
  average_delta_amount: average,
  fifo_delta_amount: fifo,
  quantity_after: pool.quantity,
  average_after_amount: pool.average_amount,
  fifo_after_amount: pool.fifo_amount,
  currency: pool.currency,
})

/** `part` of `whole` units of an amount, rounded half up; all of it for all of them. */
export const share = (amount: number, part: number, whole: number): number =>
  Number((2n * BigInt(amount) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)))

/** What so many units are worth. Throws `AMOUNT_TOO_LARGE`. */
export const times = (unit: number, quantity: number, pool: PoolRow): number =>
  within(unit * quantity, pool)

function within(amount: number, { currency }: PoolRow): number {
  if (amount <= AMOUNT_MAX) return amount
  throw moneyErrors.too_large({ field: 'unit_cost', currency: currency ?? '' })
}
