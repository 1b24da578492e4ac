/** What comes and what is due on one day, as `2026-11-21`. */
export type DayChange = { date: string; supply: number; demand: number }
export type DayPromise = DayChange & { projected: number; available_to_promise: number }

/**
 * What can be promised for each day: the least that is left over from that day on, because who is
 * promised something today takes it from everybody later (field's model: ATP(date) = min over
 * t ≥ date of cumulative(supply − demand)). `start` is what is left over now. Days in order.
 */
export function promises(
  start: number,
  changes: readonly DayChange[],
): { today: number; days: DayPromise[] } {
  let projected = start
  const days = changes.map((change): DayPromise => {
    projected += change.supply - change.demand
    return { ...change, projected, available_to_promise: 0 }
  })
  let least = Number.POSITIVE_INFINITY
  for (const day of days.toReversed()) {
    least = Math.min(least, day.projected)
    day.available_to_promise = Math.max(0, least)
  }
  return { today: Math.max(0, Math.min(start, least)), days }
}

/** The first day for which so many units can be promised; undefined if there is none. */
export function promiseDate(
  { today, days }: ReturnType<typeof promises>,
  { quantity, from }: { quantity: number; from: string },
): string | undefined {
  if (today >= quantity) return from
  return days.find((day) => day.available_to_promise >= quantity)?.date
}
