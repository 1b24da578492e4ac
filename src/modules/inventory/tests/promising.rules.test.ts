import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { type DayChange, promiseDate, promises } from '../promising/promise.ts'

const units = fc.integer({ min: 0, max: 9 })
const days = fc
  .uniqueArray(fc.integer({ min: 2, max: 28 }), { maxLength: 6 })
  .chain((dates) =>
    fc.tuple(
      ...dates
        .toSorted((a, b) => a - b)
        .map((day) => fc.record({ date: fc.constant(dateOf(day)), supply: units, demand: units })),
    ),
  )
const dateOf = (day: number) => `2026-01-${String(day).padStart(2, '0')}`
const start = fc.integer({ min: -5, max: 15 })

/** What is left over at the end of a day, counted from the beginning. */
const leftAt = (begin: number, changes: readonly DayChange[], date: string): number =>
  changes
    .filter((change) => change.date <= date)
    .reduce((left, { supply, demand }) => left + supply - demand, begin)

/** By hand: may so many units leave on that day without anybody later going short? */
const isPossible = (
  begin: number,
  changes: readonly DayChange[],
  { date, quantity }: { date: string; quantity: number },
): boolean =>
  Array.from({ length: 28 }, (_, nth) => dateOf(nth + 1))
    .filter((day) => day >= date)
    .every((day) => leftAt(begin, changes, day) >= quantity)

it('a day’s promise is what can leave on it without anybody later going short', () => {
  fc.assert(
    fc.property(start, days, fc.integer({ min: 1, max: 12 }), (begin, changes, quantity) => {
      const promised = promises(begin, changes)
      for (const day of promised.days) {
        const at = { date: day.date, quantity }
        assert.equal(day.available_to_promise >= quantity, isPossible(begin, changes, at))
      }
      const asked = { quantity, from: dateOf(1) }
      const first = Array.from({ length: 28 }, (_, nth) => dateOf(nth + 1)).find((date) =>
        isPossible(begin, changes, { date, quantity }),
      )
      assert.equal(promiseDate(promised, asked), first)
    }),
  )
})

it('I-30 more supply never lowers a promise, and more demand never raises one', () => {
  const nth = fc.nat(5)
  fc.assert(
    fc.property(start, days, nth, fc.integer({ min: 1, max: 5 }), (begin, changes, at, more) => {
      const changed = (by: Partial<Record<'supply' | 'demand', number>>) =>
        promises(
          begin,
          changes.map((day, index) =>
            index === at
              ? {
                  ...day,
                  supply: day.supply + (by.supply ?? 0),
                  demand: day.demand + (by.demand ?? 0),
                }
              : day,
          ),
        )
      const told = ({ today, days: all }: ReturnType<typeof promises>) => [
        today,
        ...all.map((day) => day.available_to_promise),
      ]
      const before = told(promises(begin, changes))
      for (const [index, now] of told(changed({ supply: more })).entries()) {
        assert.ok(now >= (before[index] as number))
      }
      for (const [index, now] of told(changed({ demand: more })).entries()) {
        assert.ok(now <= (before[index] as number))
      }
    }),
  )
})
