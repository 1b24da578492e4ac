import { toInstant } from '#kit/schemas'
import { invalidField } from '#platform/operations'

const DATE = /^\d{4}-\d\d-\d\d$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/i

/** An instant of a query, which may also be a day: `time` is then added to it. */
export function instantOf(
  field: string,
  text: string | undefined,
  time: string,
): string | undefined {
  if (text === undefined) return undefined
  const full = DATE.test(text) ? `${text}${time}` : text
  // JavaScript reads "-1" as some date too, and 30 February as the first days of March.
  const known = INSTANT.test(full) && isDay(full.slice(0, 10)) && !Number.isNaN(Date.parse(full))
  if (!known) throw invalidField(field, 'must be a date or an instant')
  return toInstant(full)
}

function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00.000Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}
