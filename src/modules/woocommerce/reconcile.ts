import type { Direction } from './lifecycle.ts'
import type { Facts, Snapshot } from './tables.ts'

export type Sides = {
  here: Facts
  there: Facts
  /** What both had when they were last in step; null if they never were. */
  last: Snapshot | null
  /** When each side was last changed, ISO 8601; null where that is unknown. */
  here_at: string | null
  there_at: string | null
  direction: Direction
}

/** Which facts are to be written where. */
export type Plan = { push: string[]; pull: string[] }

/**
 * Decides fact by fact who is right. A side that is as it was when both were last in step never
 * wins over one that changed. Where both changed, or nothing is known of before, the later change
 * wins; with the same instant, or one that cannot be read, WooCommerce does (overlaps row 55).
 * Only facts that both sides tell are compared.
 */
export function reconcile(sides: Sides): Plan {
  const { here, there, direction } = sides
  const plan: Plan = { push: [], pull: [] }
  for (const name of Object.keys(here)) {
    if (there[name] === undefined || here[name] === there[name]) continue
    const wins = direction === 'bidirectional' ? winner(sides, name) : BY_ORDER[direction]
    if (wins === 'here') plan.push.push(name)
    if (wins === 'there') plan.pull.push(name)
  }
  return plan
}

type Side = 'here' | 'there'
const BY_ORDER = { to_woocommerce: 'here', from_woocommerce: 'there' } as const

/** Who is right; nobody, where neither has changed and the two only spell it differently. */
function winner({ here, there, last, here_at, there_at }: Sides, name: string): Side | undefined {
  const known = last?.here[name] !== undefined && last.there[name] !== undefined
  if (known) {
    const changedHere = here[name] !== last?.here[name]
    const changedThere = there[name] !== last?.there[name]
    if (!changedHere && !changedThere) return undefined
    if (changedHere !== changedThere) return changedHere ? 'here' : 'there'
  }
  return isLater(here_at, there_at) ? 'here' : 'there'
}

const isLater = (here_at: string | null, there_at: string | null): boolean => {
  const here = Date.parse(here_at ?? '')
  const there = Date.parse(there_at ?? '')
  // WooCommerce tells whole seconds: within one, nobody can say who was later.
  return Math.floor(here / 1000) > Math.floor(there / 1000)
}

/** Whether facts are as they were when both sides were last in step. */
export const isUnchanged = (now: Facts, last: Facts | undefined): boolean =>
  last !== undefined &&
  Object.keys(now).every((name) => now[name] === last[name]) &&
  Object.keys(last).every((name) => name in now)
