import { type Random, weightedPick } from './random.ts'
import type { DemoOrderLine, DemoOrderStep, DemoOutcome, DemoRefund } from './types.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const AT_ONCE_MS = 4 * MINUTE_MS

/** What an order is going to live through, if the time is long enough for it. */
const PLANS = [
  { plan: 'pay', weight: 79 },
  { plan: 'decline', weight: 6 },
  { plan: 'cancel', weight: 6 },
  { plan: 'refund_part', weight: 6 },
  { plan: 'refund_all', weight: 3 },
] as const
const pickPlan = weightedPick(PLANS, ({ weight }) => weight)

const CANCEL_REASONS = [
  'Ordered twice by mistake',
  'Changed my mind',
  'Found the right size elsewhere',
  'Delivery would come too late',
]
const RETURN_REASONS = [
  'Did not fit',
  'Not the colour it seemed on the screen',
  'Arrived broken',
  'A present they already had',
]

/**
 * An order that has just been placed; instants in ms. `shipped` is false for downloads only. One
 * that is paid `at_once` comes from the web: without its payment there is no order.
 */
export type PlacedOrder = {
  placed_ms: number
  now_ms: number
  lines: readonly DemoOrderLine[]
  shipped: boolean
  at_once: boolean
}

/** The steps that happened up to now, in the order of time. */
export function orderHistory(random: Random, order: PlacedOrder): DemoOrderStep[] {
  const steps = plannedSteps(random, order)
  const firstToCome = steps.findIndex(({ at }) => Date.parse(at) > order.now_ms)
  return firstToCome < 0 ? steps : steps.slice(0, firstToCome)
}

/** What the steps come to, for an order worth that much (minor units). */
export function outcomeOf(history: readonly DemoOrderStep[], total_amount: number): DemoOutcome {
  const has = (step: DemoOrderStep['do']) => history.some((taken) => taken.do === step)
  const refund = history.find((step) => step.do === 'refund')
  if (refund) return refund.amount < total_amount ? 'partly_refunded' : 'refunded'
  if (has('cancel')) return 'cancelled'
  if (!has('pay')) return 'pending'
  return has('decline') ? 'declined_then_paid' : 'paid'
}

/** The sum of the lines in minor units. */
export function linesAmount(lines: readonly DemoOrderLine[]): number {
  return lines.reduce((sum, { quantity, unit_amount }) => sum + quantity * unit_amount, 0)
}

function plannedSteps(random: Random, order: PlacedOrder): DemoOrderStep[] {
  const clock = clockFrom(order.placed_ms, random)
  const { at_once } = order
  const payAtOnce = (): DemoOrderStep => ({ do: 'pay', at: clock(20_000, AT_ONCE_MS) })
  if (random.chance(stillOpen(order))) return at_once ? [payAtOnce()] : []
  const { plan } = pickPlan(random)
  if (plan === 'cancel') {
    const paid = at_once ? [payAtOnce()] : []
    const at = clock(HOUR_MS, 3 * DAY_MS)
    return [...paid, { do: 'cancel', at, reason: random.pick(CANCEL_REASONS) }]
  }
  const steps: DemoOrderStep[] = []
  if (plan === 'decline') steps.push({ do: 'decline', at: clock(15_000, 2 * MINUTE_MS) })
  const isSlow = !at_once && (plan === 'decline' || random.chance(0.15))
  steps.push(isSlow ? { do: 'pay', at: clock(20_000, 20 * HOUR_MS) } : payAtOnce())
  if (order.shipped) {
    steps.push({ do: 'ship', at: clock(5 * HOUR_MS, 3 * DAY_MS) })
    steps.push({ do: 'deliver', at: clock(DAY_MS, 8 * DAY_MS) })
  }
  if (plan === 'refund_part' || plan === 'refund_all') {
    const refund = plan === 'refund_all' ? wholeRefund(random, order) : partRefund(random, order)
    steps.push({ do: 'refund', at: clock(DAY_MS, 21 * DAY_MS), ...refund })
  }
  return steps
}

/** The probability that nobody has touched the order yet: high for new ones, nil for old ones. */
function stillOpen({ placed_ms, now_ms }: PlacedOrder): number {
  const age_ms = now_ms - placed_ms
  if (age_ms < 2 * DAY_MS) return 0.5
  return age_ms < 14 * DAY_MS ? 0.2 : 0
}

function wholeRefund(random: Random, { lines }: PlacedOrder): DemoRefund {
  const reason = random.pick(RETURN_REASONS)
  return { amount: linesAmount(lines), reason, lines: [...lines], whole: true }
}

/** One unit of one line; a fifth of the price of an order that has no other unit to keep. */
function partRefund(random: Random, { lines }: PlacedOrder): DemoRefund {
  if (lines.length === 1 && lines[0]?.quantity === 1) {
    const amount = Math.ceil(linesAmount(lines) / 5)
    const reason = 'Arrived with a mark; kept at a lower price'
    return { amount, reason, lines: [], whole: false }
  }
  const returned = { ...random.pick(lines), quantity: 1 }
  return {
    amount: returned.unit_amount,
    reason: random.pick(RETURN_REASONS),
    lines: [returned],
    whole: false,
  }
}

/** Each call lets between so many and so many milliseconds pass. */
function clockFrom(start_ms: number, random: Random): (min_ms: number, max_ms: number) => string {
  let at_ms = start_ms
  return (min_ms, max_ms) => {
    at_ms += random.integer(min_ms, max_ms)
    return new Date(at_ms).toISOString()
  }
}
