import type { Season } from './catalogue/family.ts'
import { type Random, weightedPick } from './random.ts'

const HOUR_MS = 3_600_000
const YEAR_HOURS = 365 * 24
/** How much busier the shop is after a year than it was before. */
const GROWTH = 0.6

/** January to December: how well the families of a season sell, 1 being usual. */
export const SEASONS: Readonly<Record<Season, readonly number[]>> = {
  even: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.1, 1.1],
  cold: [1.4, 1.2, 1, 0.8, 0.6, 0.4, 0.4, 0.5, 1, 1.5, 1.8, 1.8],
  warm: [0.4, 0.5, 0.8, 1.2, 1.6, 1.9, 1.8, 1.5, 1, 0.7, 0.5, 0.6],
  gift: [0.6, 1.1, 0.8, 0.8, 1.1, 0.9, 0.7, 0.7, 0.8, 1, 1.9, 2.4],
  desk: [1.6, 1, 0.9, 0.9, 0.9, 0.8, 0.7, 1.4, 1.7, 1, 1, 1.1],
}

/** Orders by month, by day of the week from Sunday, and by hour, all UTC; 1 being usual. */
const BY_MONTH = [0.85, 0.9, 0.85, 0.9, 1, 0.9, 0.8, 0.85, 1, 1.1, 1.5, 1.7]
const BY_WEEKDAY = [1.25, 1.15, 0.95, 0.95, 1, 0.9, 0.8]
const BY_HOUR = [
  0.5, 0.4, 0.3, 0.2, 0.2, 0.3, 0.5, 0.8, 1, 1.1, 1.2, 1.3, 1.4, 1.3, 1.2, 1.2, 1.3, 1.4, 1.6, 1.9,
  1.9, 1.6, 1.1, 0.7,
]

/** That many rising, distinct instants (ms) of the 365 days before `now_ms`, as a shop is busy. */
export function orderInstants(random: Random, now_ms: number, count: number): number[] {
  const start_ms = now_ms - YEAR_HOURS * HOUR_MS
  const hours = Array.from({ length: YEAR_HOURS }, (_, hour) => start_ms + hour * HOUR_MS)
  const pickHour = weightedPick(hours, (hour_ms, index) => busyness(hour_ms, index / YEAR_HOURS))
  const instants = new Set<number>()
  while (instants.size < count) {
    instants.add(pickHour(random) + random.integer(0, HOUR_MS - 1))
  }
  return [...instants].sort((a, b) => a - b)
}

function busyness(hour_ms: number, shareOfYear: number): number {
  const date = new Date(hour_ms)
  const month = BY_MONTH[date.getUTCMonth()] as number
  const weekday = BY_WEEKDAY[date.getUTCDay()] as number
  const hour = BY_HOUR[date.getUTCHours()] as number
  return month * weekday * hour * occasion(date) * (1 + GROWTH * shareOfYear)
}

/** The week around Black Friday; and the days before Christmas when parcels come too late. */
function occasion(date: Date): number {
  const month = date.getUTCMonth()
  const day = date.getUTCDate()
  if (month === 10 && day >= 22) return 1.9
  if (month === 11 && day <= 17) return 1.4
  return month === 11 && day >= 21 ? 0.4 : 1
}
