import type { Id } from '#kit/ids'
import { AMOUNT_MAX } from '#kit/money'
import { requireEditable } from '../editable.ts'
import { orderErrors } from '../errors.ts'
import type { OrderRow } from '../find.ts'
import { byLine } from '../units/count-units.ts'
import { openUnits } from '../units/lines.ts'
import type { Effect, OrderState, StateLine } from './effects.ts'
import { roomForDiscount, totalsOf } from './money.ts'

/** What is known of an order beside its state, when a change of it is judged. */
export type Standing = {
  order: OrderRow
  /** Units of each line that were refunded: such a line stays as it was paid for. */
  refunded: ReadonlyMap<Id<'order_line'>, number>
  shipping_refunded: boolean
}

const LINES_MAX = 500

const refuse = (problem: string) => orderErrors.not_editable({ problem })

type Judges = {
  [K in Effect['kind']]: (
    state: OrderState,
    effect: Extract<Effect, { kind: K }>,
    standing: Standing,
  ) => void
}

/** What each step needs of the order before it. */
const JUDGES: Judges = {
  add_line: (state) => requireRoom(state, 1),
  set_quantity: (state, { order_line_id, quantity }, standing) =>
    requireQuantity(ownLine(state, order_line_id), quantity, standing),
  set_discount: (state, { order_line_id, amount }, standing) =>
    requireDiscount(state, { line: ownLine(state, order_line_id), amount }, standing),
  set_shipping: (_, __, { shipping_refunded }) => {
    if (shipping_refunded) throw refuse('its shipping was refunded')
  },
  set_details: () => {},
  cancel_units: (state, { units }, { order }) => requireOpen(state, units, order),
  give_units: (state, { units }, standing) => requireGivable(state, units, standing),
  take_rows: (state, { rows }) => requireRoom(state, rows.lines.length),
}

/** Refuses a step that the order, as it stands before it, does not allow. */
export function requirePossible(state: OrderState, effect: Effect, standing: Standing): void {
  if (effect.kind !== 'set_details') requireEditable(standing.order)
  JUDGES[effect.kind](state, effect as never, standing)
}

/** Refuses what a change comes to: an order needs goods, and has a highest total. */
export function requireSound(state: OrderState): void {
  const left = state.lines.reduce(
    (sum, { quantity, cancelled_quantity }) => sum + quantity - cancelled_quantity,
    0,
  )
  if (left === 0) throw refuse('its last item stays; cancel the order instead')
  if (totalsOf(state).total_amount > AMOUNT_MAX) throw orderErrors.total_too_large()
}

function requireRoom(state: OrderState, more: number): void {
  if (state.lines.length + more <= LINES_MAX) return
  throw orderErrors.too_many_items({ most: LINES_MAX })
}

/** The line that is named; one that was taken out is none. */
function ownLine(state: OrderState, item_id: StateLine['id']): StateLine {
  const line = state.lines.find(({ id, quantity }) => id === item_id && quantity > 0)
  if (!line) throw orderErrors.item_not_found({ item_id })
  return line
}

function requireUnrefunded({ id, sku }: StateLine, { refunded }: Standing): void {
  if (!refunded.has(id)) return
  throw refuse(`units of ${sku} were refunded; cancel units, or add an item`)
}

function requireQuantity(line: StateLine, quantity: number, standing: Standing): void {
  requireUnrefunded(line, standing)
  const gone = line.cancelled_quantity + line.fulfilled_quantity
  if (quantity >= gone) return
  throw refuse(`${gone} units of ${line.sku} have left or were cancelled`)
}

function requireDiscount(
  state: OrderState,
  { line, amount }: { line: StateLine; amount: number },
  standing: Standing,
): void {
  requireUnrefunded(line, standing)
  if (amount <= roomForDiscount(state, line)) return
  throw refuse(`discounts on ${line.sku} cannot exceed what it costs`)
}

function requireOpen(
  state: OrderState,
  units: Parameters<typeof byLine>[0],
  { id: order_id }: OrderRow,
): void {
  const open = new Map(state.lines.map((line) => [line.id, openUnits(line)]))
  const isOpen = byLine(units).every(
    ({ order_line_id, quantity }) => quantity <= (open.get(order_line_id) ?? 0),
  )
  if (!isOpen) throw orderErrors.units_not_there({ action: 'cancel', order_id })
}

/** Units go to another order with their whole history: so there must be none. */
function requireGivable(
  state: OrderState,
  units: Parameters<typeof byLine>[0],
  standing: Standing,
): void {
  for (const { order_line_id, quantity } of byLine(units)) {
    const line = ownLine(state, order_line_id)
    requireUnrefunded(line, standing)
    if (line.cancelled_quantity > 0) throw refuse(`units of ${line.sku} were cancelled`)
    if (quantity > openUnits(line)) {
      throw orderErrors.units_not_there({ action: 'split off', order_id: standing.order.id })
    }
  }
}
