/** Numbers of the house begin after this one: its first order is the first here too. */
const BEFORE_FIRST = 1_000_000

/**
 * The number of an order as this face tells it, such as `SKY-2026-001`. It is made of the number
 * and the day that are stored with the order and never change, so there is no second number.
 */
export function shopOrderNumber(order_number: string, placed_at: string): string {
  const number = Number(order_number.replace(/^\D+/, '')) - BEFORE_FIRST
  return `SKY-${placed_at.slice(0, 4)}-${String(number).padStart(3, '0')}`
}
