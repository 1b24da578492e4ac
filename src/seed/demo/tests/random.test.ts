import assert from 'node:assert/strict'
import { it } from 'node:test'
import { randomStream, weightedPick } from '../random.ts'

it('streams of one seed repeat themselves and differ by name and by seed', () => {
  const draw = (seed: number, name: string) => {
    const random = randomStream(seed, name)
    return Array.from({ length: 20 }, () => random.next())
  }
  assert.deepEqual(draw(1, 'orders'), draw(1, 'orders'))
  assert.notDeepEqual(draw(1, 'orders'), draw(1, 'stock'))
  assert.notDeepEqual(draw(1, 'orders'), draw(2, 'orders'))
  assert.notDeepEqual(draw(1, 'orders'), draw(1 + 2 ** 32, 'orders'))
})

it('draws whole numbers evenly, both ends included', () => {
  const random = randomStream(7, 'dice')
  const rolls = Array.from({ length: 60_000 }, () => random.integer(1, 6))
  const counts = [1, 2, 3, 4, 5, 6].map((side) => rolls.filter((roll) => roll === side).length)
  assert.ok(
    counts.every((count) => Math.abs(count - 10_000) < 500),
    String(counts),
  )
  assert.ok(rolls.every((roll) => Number.isInteger(roll) && roll >= 1 && roll <= 6))
})

it('picks by weight, and never what weighs nothing', () => {
  const random = randomStream(7, 'weights')
  const pick = weightedPick(['never', 'one', 'three', 'nor this'], (_, i) => [0, 1, 3, 0][i] ?? 0)
  const drawn = Array.from({ length: 40_000 }, () => pick(random))
  const ones = drawn.filter((item) => item === 'one').length
  assert.ok(Math.abs(ones - 10_000) < 500, String(ones))
  assert.deepEqual([...new Set(drawn)].sort(), ['one', 'three'])
  assert.throws(() => weightedPick(['a'], () => 0), RangeError)
})

it('shuffles a copy and loses nothing', () => {
  const items = Array.from({ length: 50 }, (_, i) => i)
  const shuffled = randomStream(7, 'cards').shuffle(items)
  assert.notDeepEqual(shuffled, items)
  assert.deepEqual(
    shuffled.sort((a, b) => a - b),
    items,
  )
})
