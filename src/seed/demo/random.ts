/** A stream of reproducible random choices. */
export type Random = {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One of the items, each as likely as the next. */
  pick<T>(items: readonly T[]): T
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[]
}

/**
 * Opens the stream of that name. Streams of one seed are independent of each other, so that a
 * product more in the catalogue does not give every customer another birthday.
 */
export function randomStream(seed: number, name: string): Random {
  const bits = sfc32(seed, name)
  const next = () => bits() / 2 ** 32
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => at(items, integer(0, items.length - 1)),
    shuffle(items) {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(0, last)
        const kept = at(shuffled, last)
        shuffled[last] = at(shuffled, other)
        shuffled[other] = kept
      }
      return shuffled
    },
  }
}

/** Makes a function that draws an item by its weight; weights are zero or more, not all zero. */
export function weightedPick<T>(
  items: readonly T[],
  weightOf: (item: T, index: number) => number,
): (random: Random) => T {
  const upTo: number[] = []
  let total = 0
  for (const [index, item] of items.entries()) {
    total += weightOf(item, index)
    upTo.push(total)
  }
  if (!(total > 0)) throw new RangeError('weightedPick needs an item that weighs something')
  return (random) => at(items, firstAbove(upTo, random.next() * total))
}

/** sfc32, «small fast counting», by Chris Doty-Humphrey (PractRand, public domain). */
function sfc32(seed: number, name: string): () => number {
  let a = fnv1a(name) | 0
  let b = seed | 0
  let c = Math.floor(seed / 2 ** 32) | 0
  let counter = 1
  const bits = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // The author's own seeding throws away the first rounds, until the seed has reached every bit.
  for (let round = 0; round < 15; round++) bits()
  return bits
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo), over UTF-16 units: turns a stream's name into a number. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

function firstAbove(rising: readonly number[], value: number): number {
  let low = 0
  let high = rising.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rising[middle] as number) > value) high = middle
    else low = middle + 1
  }
  return low
}

function at<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length) throw new RangeError(`no item ${index}`)
  return items[index] as T
}
