/**
 * So many calendar months later, in UTC: the same day and time of day, or the last day of a shorter
 * month. `2026-01-31` and one month is `2026-02-28`; and two months, counted from the same start,
 * `2026-03-31`.
 */
export function addMonths(instant: string, months: number): string {
  const from = new Date(instant)
  const month = from.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const to = new Date(from)
  to.setUTCDate(1)
  to.setUTCMonth(month)
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay))
  return to.toISOString()
}

const DAY_MS = 24 * 60 * 60 * 1000

export const addDays = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * DAY_MS).toISOString()

/** The facts that an end follows from. */
type Term = {
  start_at: string | null
  /** Counted from the start; null where the end was named instead. */
  term_months: number | null
  fixed_end_at: string | null
  extended_months: number
}

/**
 * The end of a coverage: its whole term counted from its start, so that extending it twice is
 * extending it by both at once. Null while it has not begun.
 */
export function endOf({
  start_at,
  term_months,
  fixed_end_at,
  extended_months,
}: Term): string | null {
  if (start_at === null) return null
  if (term_months !== null) return addMonths(start_at, term_months + extended_months)
  return fixed_end_at && addMonths(fixed_end_at, extended_months)
}
