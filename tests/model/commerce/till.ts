// What a basket comes to, told once more: by nothing but whole numbers and schoolbook arithmetic.

/** One tax: the name tells equal ones from others. */
export type Tax = { name: string; ppm: number }
export type Taxes = readonly Tax[]
export type Piece = { key: string; about: string; amount: number; taxes: Taxes }
export type Cut = {
  name: string
  exclusive: boolean
  minimum: number
  /** What it is for, as pieces say what they are; undefined for everything. */
  about?: string
  percent?: number
  fixed?: number
  freeShipping?: boolean
}
export type Basket = {
  /** The lines, in the order in which they were made. */
  lines: readonly Piece[]
  shipping?: Piece | undefined
  /** In the order in which they are taken. */
  cuts: readonly Cut[]
  taxIncluded: boolean
  roundedBy: 'line' | 'document'
}
export type Bill = {
  subtotal: number
  discount: number
  shipping: number
  tax: number
  total: number
  /** By key: what is paid for each piece, with tax. */
  gross: Map<string, number>
  /** What each cut takes; those that take nothing are missing. */
  taken: Map<string, number>
}

const sum = (all: Iterable<number>) => [...all].reduce((total, one) => total + one, 0)
const SHIPPING = '~shipping'
const MILLION = 1_000_000

/** Half a cent is a cent. */
function share(amount: number, of: number, whole: number): number {
  return Number((2n * BigInt(amount) * BigInt(of) + BigInt(whole)) / (2n * BigInt(whole)))
}

type Weights = readonly (readonly [key: string, weight: number])[]

/** Cents are dealt out one after another to whoever is owed the largest fraction of one. */
function deal(total: number, weights: Weights): Map<string, number> {
  const whole = BigInt(sum(weights.map(([, weight]) => weight)))
  const dealt = new Map(weights.map(([key]) => [key, 0]))
  if (whole === 0n) return dealt
  const owed = weights
    .map(([key, weight]) => ({ key, exact: BigInt(total) * BigInt(weight) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  for (const { key, exact } of owed) dealt.set(key, Number(exact / whole))
  const rest = total - sum(dealt.values())
  const first = owed.toSorted((a, b) => Number((b.exact % whole) - (a.exact % whole)))
  for (const { key } of first.slice(0, rest)) dealt.set(key, (dealt.get(key) ?? 0) + 1)
  return dealt
}

type Grouped = readonly { key: string; weight: number; groups: readonly string[] }[]

/** The same to groups first, then within each. */
function dealByGroup(total: number, all: Grouped, depth = 0): Map<string, number> {
  if (all.length < 2 || depth === all[0]?.groups.length) {
    return deal(
      total,
      all.map(({ key, weight }) => [key, weight]),
    )
  }
  const groups = Map.groupBy(all, ({ groups }) => groups[depth] as string)
  const weights = [...groups].map(
    ([key, own]) => [key, sum(own.map(({ weight }) => weight))] as const,
  )
  const shares = deal(total, weights)
  return new Map(
    [...groups].flatMap(([key, own]) => [...dealByGroup(shares.get(key) ?? 0, own, depth + 1)]),
  )
}

const nameOf = (taxes: Taxes) =>
  taxes
    .map(({ name }) => name)
    .toSorted()
    .join('')

/** Everything that a basket costs. */
export function bill(basket: Basket): Bill {
  const { lines, shipping, taxIncluded } = basket
  const { left, taken } = cheapest(basket)
  const pieces = [...lines, ...(shipping ? [{ ...shipping, key: SHIPPING }] : [])]
  const after = pieces.map((piece) => ({ ...piece, amount: left.get(piece.key) ?? 0 }))
  const taxes = taxOf(after, basket)
  const gross = new Map(
    after.map(({ key, amount }) => [key, taxIncluded ? amount : amount + (taxes.get(key) ?? 0)]),
  )
  return {
    subtotal: sum(lines.map(({ amount }) => amount)),
    discount: sum(taken.values()),
    shipping: shipping?.amount ?? 0,
    tax: sum(taxes.values()),
    total: sum(gross.values()),
    gross,
    taken,
  }
}

/** What is paid for shipping. */
export const grossOfShipping = ({ gross }: Bill): number => gross.get(SHIPPING) ?? 0

type Left = { left: Map<string, number>; taken: Map<string, number> }

/** Every way to combine what may be combined, and of these the best for the buyer. */
function cheapest(basket: Basket): Left {
  const open = basket.cuts.filter((cut) => {
    const own = basket.lines.filter(({ about }) => !cut.about || cut.about === about)
    if (own.length === 0 || sum(own.map(({ amount }) => amount)) < cut.minimum) return false
    return !cut.freeShipping || basket.shipping !== undefined
  })
  const together = open.filter(({ exclusive }) => !exclusive)
  const alone = open.filter(({ exclusive }) => exclusive).map((cut) => [cut])
  const ways = [...(together.length > 0 ? [together] : []), ...alone].map((cuts) =>
    takeOff(cuts, basket),
  )
  const best = Math.max(0, ...ways.map(({ taken }) => sum(taken.values())))
  return ways.find(({ taken }) => sum(taken.values()) === best) ?? takeOff([], basket)
}

function takeOff(cuts: readonly Cut[], { lines, shipping }: Basket): Left {
  const left = new Map(lines.map(({ key, amount }) => [key, amount]))
  if (shipping) left.set(SHIPPING, shipping.amount)
  const isFor = ({ about: what }: Cut, { about }: Piece) => !what || what === about
  // Lines that the same cuts are for stand together; a cut for all of them tells none apart.
  const telling = cuts.filter((cut) => !lines.every((line) => isFor(cut, line)))
  const groupOf = (line: Piece) =>
    telling
      .filter((cut) => isFor(cut, line))
      .map(({ name }) => ` ${name}`)
      .join('')
  const taken = new Map<string, number>()
  for (const cut of cuts) {
    const own = lines.filter((line) => isFor(cut, line))
    const all = cut.freeShipping
      ? [{ key: SHIPPING, weight: left.get(SHIPPING) ?? 0, groups: [] }]
      : own.map((line) => ({
          key: line.key,
          weight: left.get(line.key) ?? 0,
          groups: [groupOf(line), nameOf(line.taxes)],
        }))
    const base = sum(all.map(({ weight }) => weight))
    const wanted = cut.percent === undefined ? (cut.fixed ?? base) : share(base, cut.percent, 100)
    const amount = Math.min(base, wanted)
    for (const [key, part] of dealByGroup(amount, all)) left.set(key, (left.get(key) ?? 0) - part)
    if (amount > 0) taken.set(cut.name, amount)
  }
  return { left, taken }
}

function taxOf(pieces: readonly Piece[], { taxIncluded, roundedBy }: Basket): Map<string, number> {
  const taxes = new Map(pieces.map(({ key }) => [key, 0]))
  const groups =
    roundedBy === 'line'
      ? pieces.map((piece) => [piece])
      : Map.groupBy(pieces, (piece) => nameOf(piece.taxes)).values()
  for (const group of groups) {
    const whole = sum(group.map(({ amount }) => amount))
    const weights = group.map(({ key, amount }) => [key, amount] as const)
    const rates = group[0]?.taxes.map(({ ppm }) => ppm) ?? []
    const all = sum(rates)
    const sums = taxIncluded
      ? [share(whole, all, MILLION + all)]
      : rates.map((ppm) => share(whole, ppm, MILLION))
    for (const one of sums) {
      for (const [key, part] of deal(one, weights)) taxes.set(key, (taxes.get(key) ?? 0) + part)
    }
  }
  return taxes
}
