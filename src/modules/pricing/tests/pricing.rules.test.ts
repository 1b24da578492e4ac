import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { AMOUNT_MAX, formatMoney, parseMoney } from '#kit/money'
import {
  amountOfUnits,
  type Discount,
  type PricingInput,
  portion,
  priced,
  shareOut,
} from '../index.ts'
import type { Priced, PricedPart } from '../types.ts'
import { anyInput, shuffled, tax } from './arbitraries.ts'
import { permitted, roundHalfUp, takenBy } from './oracle.ts'

const always = <T>(input: fc.Arbitrary<T>, holds: (value: T) => void, numRuns = 1500) =>
  fc.assert(fc.property(input, holds), { numRuns })

const partsOf = ({ lines, shipping }: Priced): PricedPart[] => [
  ...lines,
  ...(shipping ? [shipping] : []),
]
const sum = (amounts: readonly number[]) => amounts.reduce((all, amount) => all + amount, 0)
/** The same answer whatever order the lines came in. */
const byKey = (answer: Priced): Priced => ({
  ...answer,
  lines: answer.lines.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
})

describe('the amounts of a document', () => {
  it('add up: lines, shipping, discounts, taxes and total, in 0, 2 and 3 decimals', () => {
    always(fc.tuple(anyInput(), fc.constantFrom('JPY', 'USD', 'KWD')), ([input, currency]) => {
      const answer = priced(input)
      const parts = partsOf(answer)
      for (const part of parts) {
        assert.equal(part.gross_amount, part.net_amount + part.tax_amount)
        assert.equal(part.tax_amount, sum(part.taxes.map(({ amount }) => amount)))
        assert.equal(part.discount_amount, sum(part.discounts.map(({ amount }) => amount)))
        const reduced = part.base_amount - part.discount_amount
        assert.equal(input.prices_include_tax ? part.gross_amount : part.net_amount, reduced)
        for (const { taxable_amount } of part.taxes) assert.equal(taxable_amount, part.net_amount)
      }
      assert.equal(answer.total_amount, sum(parts.map(({ gross_amount }) => gross_amount)))
      assert.equal(answer.tax_amount, sum(answer.taxes.map(({ amount }) => amount)))
      assert.equal(answer.discount_amount, sum(answer.discounts.map(({ amount }) => amount)))
      const put = answer.subtotal_amount + answer.shipping_amount - answer.discount_amount
      const added = input.prices_include_tax ? 0 : answer.tax_amount
      assert.equal(answer.total_amount, put + added)
      const shown = parts.map((part) => formatMoney(part.gross_amount, currency))
      const read = sum(shown.map((text) => parseMoney(text, currency)))
      assert.equal(formatMoney(read, currency), formatMoney(answer.total_amount, currency))
    })
  })

  it('are whole and never negative, and no discount exceeds what it is taken off', () => {
    always(anyInput(), (input) => {
      const answer = priced(input)
      for (const part of partsOf(answer)) {
        const { discounts, taxes, ...amounts } = part
        for (const amount of [
          ...Object.entries(amounts).flatMap(([name, of]) => (name === 'key' ? [] : [of])),
          ...discounts.map(({ amount }) => amount),
          ...taxes.flatMap(({ amount, taxable_amount }) => [amount, taxable_amount]),
        ]) {
          assert.ok(Number.isSafeInteger(amount) && Number(amount) >= 0, `${amount}`)
        }
        assert.ok(part.discount_amount <= part.base_amount)
      }
      for (const { id, amount } of answer.discounts) {
        const shares = partsOf(answer).flatMap((part) => part.discounts)
        const own = shares.filter(({ discount_id }) => discount_id === id)
        assert.equal(sum(own.map((share) => share.amount)), amount)
      }
    })
  })

  it('do not depend on the order of lines, of discounts or of rates', () => {
    const twice = anyInput().chain((input) => fc.tuple(fc.constant(input), shuffled(input)))
    always(twice, ([input, other]) => assert.deepEqual(byKey(priced(other)), byKey(priced(input))))
  })

  it('do not change what they were computed from, so that less gives what it gave before', () => {
    const less = anyInput().chain((input) =>
      fc.tuple(
        fc.constant(input),
        fc.subarray([...input.discounts], { maxLength: Math.max(0, input.discounts.length - 1) }),
      ),
    )
    always(less, ([input, discounts]) => {
      const before = priced({ ...input, discounts })
      const kept = structuredClone(input)
      const reduced = priced(input)
      assert.deepEqual(structuredClone(input), kept)
      assert.deepEqual(priced({ ...input, discounts }), before)
      assert.ok(reduced.discount_amount >= 0 && reduced.subtotal_amount === before.subtotal_amount)
    })
  })

  it('sum up each tax over lines and shipping', () => {
    always(anyInput(), (input) => {
      const answer = priced(input)
      const rows = partsOf(answer).flatMap((part) => part.taxes)
      const named = (row: object) =>
        JSON.stringify([Reflect.get(row, 'jurisdiction'), Reflect.get(row, 'name')])
      assert.deepEqual(
        new Set(answer.taxes.map((row) => named(row) + row.rate_ppm)),
        new Set(rows.map((row) => named(row) + row.rate_ppm)),
      )
      for (const total of answer.taxes) {
        const own = rows.filter(
          (row) => named(row) === named(total) && row.rate_ppm === total.rate_ppm,
        )
        assert.equal(total.amount, sum(own.map(({ amount }) => amount)))
        assert.equal(total.taxable_amount, sum(own.map((row) => row.taxable_amount)))
      }
    })
  })

  it('are exact up to the largest amount, and refused above it', () => {
    const huge = anyInput({ unit_max: AMOUNT_MAX / 100, quantity_max: 3 })
    always(huge, (input) => {
      const answer = priced(input)
      for (const { net_amount, taxes, base_amount } of partsOf(answer)) {
        assert.ok(Number.isSafeInteger(base_amount))
        if (input.tax_rounding === 'document' || input.prices_include_tax) continue
        for (const { amount, rate_ppm } of taxes) {
          const exact = 2n * BigInt(net_amount) * BigInt(rate_ppm) + 1_000_000n
          assert.equal(BigInt(amount), exact / 2_000_000n)
        }
      }
    })
    const line = { key: 'a', quantity: 1, unit_amount: AMOUNT_MAX, taxes: [] }
    const plain = inputOf({ lines: [line] })
    assert.equal(priced(plain).total_amount, AMOUNT_MAX)
    const tooMuch = { code: 'PRICED_TOTAL_TOO_LARGE' }
    assert.throws(() => priced({ ...plain, lines: [{ ...line, quantity: 2 }] }), tooMuch)
    assert.throws(() => priced({ ...plain, lines: [{ ...line, taxes: [tax(1)] }] }), tooMuch)
    assert.throws(() => priced({ ...plain, shipping: { amount: 1, taxes: [] } }), tooMuch)
  })
})

describe('discounts', () => {
  it('take as much as the best permitted choice does, found by trying every one', () => {
    always(anyInput({ unit_max: 40, quantity_max: 3, discounts: 5 }), (input) => {
      const answer = priced({ ...input, tax_rounding: 'line' })
      const sets = permitted(input)
      const combinable = sets.filter((set) => set.every(({ exclusive }) => !exclusive)).at(-1) ?? []
      const alone = sets.filter((set) => set.some(({ exclusive }) => exclusive))
      const best = Math.max(...[combinable, ...alone].map((set) => takenBy(set, input)))
      assert.equal(answer.discount_amount, best)
    })
  })

  it('are never worth less together than any part of them that is for all items', () => {
    const whole = anyInput({ unit_max: 40, discounts: 5 }).map((input) => ({
      ...input,
      discounts: input.discounts.map((one) => ({ ...one, line_keys: null })),
    }))
    always(whole, (input) => {
      const answer = priced(input)
      for (const set of permitted(input)) {
        assert.ok(answer.discount_amount >= takenBy(set, input), JSON.stringify(set))
      }
    })
  })

  it('are each applied or refused, once, with a reason; an exclusive one stands alone', () => {
    always(anyInput(), (input) => {
      const { discounts, refused } = priced({
        ...input,
        discounts: [...input.discounts, ...input.discounts],
      })
      assert.deepEqual(
        [...discounts, ...refused].map(({ id }) => id).toSorted(),
        input.discounts.map(({ id }) => id).toSorted(),
      )
      const exclusive = new Set(input.discounts.filter((one) => one.exclusive).map(({ id }) => id))
      if (discounts.some(({ id }) => exclusive.has(id))) assert.equal(discounts.length, 1)
      for (const { explanation } of [...discounts, ...refused]) assert.match(explanation, /\w/)
      for (const { amount } of discounts) assert.ok(amount > 0)
    })
  })

  it('of 100 % leave exactly nothing, tax included', () => {
    always(anyInput({ discounts: 0 }), (input) => {
      const all = discountOf({ kind: 'percent', rate_ppm: 1_000_000 })
      const shipping = discountOf({ id: 'shipping', kind: 'free_shipping', priority: 9 })
      const answer = priced({ ...input, discounts: [all, shipping] })
      assert.deepEqual([answer.total_amount, answer.tax_amount], [0, 0])
      for (const { net_amount, gross_amount } of partsOf(answer)) {
        assert.deepEqual([net_amount, gross_amount], [0, 0])
      }
    })
  })

  it('are shared in proportion: equal lines get equal shares, but for the last unit', () => {
    const equal = fc.record({
      count: fc.integer({ min: 1, max: 9 }),
      unit_amount: fc.integer({ min: 1, max: 999 }),
      amount: fc.integer({ min: 0, max: 9000 }),
    })
    always(equal, ({ count, unit_amount, amount }) => {
      const keys = Array.from({ length: count }, (_, nth) => `line-${nth}`)
      const lines = keys.map((key) => ({ key, quantity: 1, unit_amount, taxes: [] }))
      const discounts = [discountOf({ kind: 'fixed', amount })]
      const answer = priced(inputOf({ lines, discounts }))
      const shares = answer.lines.map(({ discount_amount }) => discount_amount)
      assert.ok(Math.max(...shares) - Math.min(...shares) <= 1)
      assert.deepEqual(
        shares,
        shares.toSorted((a, b) => b - a),
      )
    })
  })
})

describe('tax', () => {
  /** One line of several units, and the same cut in two. */
  const cut = anyInput().chain((input) => {
    const lines = input.lines.map((line) => ({ ...line, quantity: line.quantity + 1 }))
    return fc.tuple(
      fc.constant({ ...input, lines }),
      fc.nat({ max: lines.length - 1 }),
      fc.integer({ min: 1, max: 1_000 }),
    )
  })
  const split = (input: PricingInput, nth: number, at: number): PricingInput => {
    const line = input.lines[nth] as PricingInput['lines'][number]
    const first = 1 + (at % (line.quantity - 1))
    const rest = { ...line, key: `${line.key}-rest`, quantity: line.quantity - first }
    return {
      ...input,
      lines: [...input.lines.filter((one) => one !== line), { ...line, quantity: first }, rest],
      discounts: input.discounts.map((one) =>
        one.line_keys?.includes(line.key)
          ? { ...one, line_keys: [...one.line_keys, rest.key] }
          : one,
      ),
    }
  }

  it('rounded by document is the same when a line is split, for each rate and in all', () => {
    const splits = (input: PricingInput, nth: number, at: number) => {
      const whole = priced({ ...input, tax_rounding: 'document' })
      const parts = priced({ ...split(input, nth, at), tax_rounding: 'document' })
      assert.deepEqual(parts.taxes, whole.taxes)
      assert.equal(parts.total_amount, whole.total_amount)
    }
    always(cut, ([input, nth, at]) => splits(input, nth, at), 6000)
  })

  it('rounded either way is of the same discounts when a line is split', () => {
    always(cut, ([input, nth, at]) => {
      const [whole, parts] = [priced(input), priced(split(input, nth, at))]
      assert.deepEqual([parts.discounts, parts.refused], [whole.discounts, whole.refused])
    })
  })

  it('rounded by line leaves each line alone, whatever else is bought', () => {
    always(anyInput({ discounts: 0 }), (input) => {
      const answer = priced({ ...input, tax_rounding: 'line' })
      for (const line of input.lines) {
        const alone = priced({ ...input, tax_rounding: 'line', lines: [line], shipping: null })
        const inside = answer.lines.find(({ key }) => key === line.key)
        assert.deepEqual(inside, alone.lines[0])
      }
    })
  })

  it('of one group by document is that of its sum, rounded half up once', () => {
    always(anyInput({ discounts: 0 }), (input) => {
      const taxes = [tax(82_500)]
      const lines = input.lines.map((line) => ({ ...line, taxes }))
      const options = { ...input, lines, shipping: null, tax_rounding: 'document' as const }
      const added = priced({ ...options, prices_include_tax: false })
      assert.equal(added.tax_amount, roundHalfUp(added.subtotal_amount * 82_500, 1_000_000))
      const within = priced({ ...options, prices_include_tax: true })
      assert.equal(within.tax_amount, roundHalfUp(within.subtotal_amount * 82_500, 1_082_500))
    })
  })

  it('contained in a price and added to it are the same: net → gross → net gives the net', () => {
    const one = fc.record({
      net: fc.integer({ min: 0, max: AMOUNT_MAX / 10 }),
      rate_ppm: fc.integer({ min: 1, max: 1_000_000 }),
    })
    always(one, ({ net, rate_ppm }) => {
      const taxes = [tax(rate_ppm)]
      const line = (unit_amount: number) => ({ key: 'a', quantity: 1, unit_amount, taxes })
      const added = priced(inputOf({ lines: [line(net)] }))
      const within = priced(
        inputOf({ lines: [line(added.total_amount)], prices_include_tax: true }),
      )
      assert.equal(within.total_amount, added.total_amount)
      assert.equal(within.tax_amount, added.tax_amount)
      assert.equal(within.lines[0]?.net_amount, net)
    })
  })

  it('contained in a price never changes what is paid', () => {
    always(anyInput(), (input) => {
      const within = priced({ ...input, prices_include_tax: true })
      const untaxed = priced({
        ...input,
        prices_include_tax: true,
        tax_rounding: 'line',
        lines: input.lines.map((line) => ({ ...line, taxes: [] })),
        shipping: input.shipping && { ...input.shipping, taxes: [] },
      })
      assert.equal(within.total_amount, untaxed.total_amount)
    })
  })
})

describe('portion', () => {
  const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

  it('is the exact quotient rounded half away from zero, as far as numbers go', () => {
    const any = fc.tuple(
      fc.oneof(whole, fc.integer({ min: 0, max: 1000 })),
      fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), whole),
      fc.oneof(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 1 }), whole),
      fc.boolean(),
    )
    always(
      any,
      ([amount, numerator, denominator, negative]) => {
        fc.pre(denominator > 0)
        const exact =
          (2n * BigInt(amount) * BigInt(numerator) + BigInt(denominator)) /
          (2n * BigInt(denominator))
        const answer = portion(negative ? -amount : amount, numerator, denominator)
        assert.equal(answer, negative ? 0 - Number(exact) : Number(exact))
      },
      5000,
    )
  })

  it('rounds halves up, and what is just below them down, also near the border of floats', () => {
    for (const half of [1, 3, 999, 2 ** 31 + 1, 2 ** 49 - 1]) {
      assert.equal(portion(half, 1, 2), (half + 1) / 2)
      assert.equal(portion(-half, 1, 2), -(half + 1) / 2)
    }
    for (const d of [2 ** 20 + 1, 2 ** 25 + 1, 2 ** 26 + 1]) {
      const whole = Math.floor(2 ** 50 / d)
      // Half a unit above a whole number, less the smallest part that there is.
      assert.equal(portion(whole * d + (d - 1) / 2, 1, d), whole)
      assert.equal(portion(whole * d + (d + 1) / 2, 1, d), whole + 1)
    }
  })
})

describe('sharing out', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 })
  const keyed = weights.map((all) => all.map((weight, nth) => ({ key: `k${nth}`, weight })))

  it('sums to the total, each within one unit of its ideal, wherever it stands', () => {
    const any = keyed.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.integer({ min: 0, max: sum(all.map(({ weight }) => weight)) }),
      ),
    )
    always(any, ([all, other, total]) => {
      const shares = shareOut(total, all)
      assert.equal(sum([...shares.values()]), total)
      const whole = sum(all.map(({ weight }) => weight))
      for (const { key, weight } of all) {
        const share = shares.get(key) ?? Number.NaN
        assert.ok(Math.abs(share * whole - total * weight) < whole || whole === 0)
        assert.ok(share <= weight)
      }
      assert.deepEqual(new Map([...shareOut(total, other)].sort()), new Map([...shares].sort()))
    })
  })

  it('gives units of a line their part: one by one or at once it comes to the same', () => {
    const any = fc.record({
      total: fc.integer({ min: 0, max: AMOUNT_MAX }),
      quantity: fc.integer({ min: 1, max: 50 }),
      from: fc.nat({ max: 50 }),
      to: fc.nat({ max: 50 }),
    })
    always(any, ({ total, quantity, from, to }) => {
      fc.pre(from <= to && to <= quantity)
      const one = (nth: number) =>
        amountOfUnits(total, nth + 1, quantity) - amountOfUnits(total, nth, quantity)
      const units = Array.from({ length: to - from }, (_, nth) => one(from + nth))
      const atOnce = amountOfUnits(total, to, quantity) - amountOfUnits(total, from, quantity)
      assert.equal(sum(units), atOnce)
      assert.equal(amountOfUnits(total, quantity, quantity), total)
      assert.equal(amountOfUnits(total, 0, quantity), 0)
      for (const unit of units) assert.ok(Math.abs(unit - total / quantity) <= 1)
    })
  })
})

describe('worked by hand', () => {
  const VAT = [tax(190_000, 'VAT', 'DE')]
  const line = (key: string, quantity: number, unit_amount: number, taxes = [tax(80_000)]) => ({
    key,
    quantity,
    unit_amount,
    taxes,
  })

  it('10 % off 2 × 12.50 and 1 × 4.00, 8 % tax by line, 10.00 for shipping', () => {
    const answer = priced(
      inputOf({
        lines: [line('mug', 2, 1250), line('tea', 1, 400)],
        shipping: { amount: 1000, taxes: [tax(80_000)] },
        discounts: [discountOf({ kind: 'percent', rate_ppm: 100_000 })],
      }),
    )
    assert.deepEqual(
      answer.lines.map(({ discount_amount, net_amount, tax_amount, gross_amount }) => [
        discount_amount,
        net_amount,
        tax_amount,
        gross_amount,
      ]),
      [
        [250, 2250, 180, 2430],
        [40, 360, 29, 389],
      ],
    )
    assert.equal(answer.shipping?.gross_amount, 1080)
    assert.deepEqual(
      [answer.subtotal_amount, answer.discount_amount, answer.shipping_amount, answer.tax_amount],
      [2900, 290, 1000, 289],
    )
    assert.equal(answer.total_amount, 3899)
    assert.deepEqual(answer.discounts[0]?.explanation, '10 % off all items')
  })

  it('three lines of 0.33 at 8 %: 0.09 by line, 0.08 by document', () => {
    const lines = [line('a', 1, 33), line('b', 1, 33), line('c', 1, 33)]
    const byLine = priced(inputOf({ lines }))
    const byDocument = priced(inputOf({ lines, tax_rounding: 'document' }))
    const taxes = (answer: Priced) => answer.lines.map(({ tax_amount }) => tax_amount)
    assert.deepEqual([taxes(byLine), byLine.tax_amount], [[3, 3, 3], 9])
    assert.deepEqual([taxes(byDocument), byDocument.tax_amount], [[3, 3, 2], 8])
  })

  it('a state of 6 % and a county of 1.25 % on 19.99: 1.20 and 0.25', () => {
    const taxes = [tax(60_000, 'State', 'US-CA'), tax(12_500, 'County', 'US-CA-LA')]
    const answer = priced(inputOf({ lines: [line('a', 1, 1999, taxes)] }))
    assert.deepEqual(
      answer.taxes.map(({ name, amount, taxable_amount }) => [name, amount, taxable_amount]),
      [
        ['State', 120, 1999],
        ['County', 25, 1999],
      ],
    )
    assert.equal(answer.total_amount, 2144)
  })

  it('19 % within 119.00 is 19.00, within 9.99 it is 1.60', () => {
    for (const [gross, within] of [
      [11_900, 1900],
      [999, 160],
      [1, 0],
      [0, 0],
    ] as const) {
      const lines = [line('a', 1, gross, VAT)]
      const answer = priced(inputOf({ lines, prices_include_tax: true }))
      assert.deepEqual([answer.tax_amount, answer.total_amount], [within, gross])
    }
  })

  it('yen have no decimals and fils three: 100 off 3 × 100 yen, 5 % of 1.005 dinar', () => {
    const yen = priced(
      inputOf({
        lines: [line('a', 1, 100, []), line('b', 1, 100, []), line('c', 1, 100, [])],
        discounts: [discountOf({ kind: 'fixed', amount: 100 })],
      }),
    )
    assert.deepEqual(
      yen.lines.map(({ discount_amount }) => discount_amount),
      [34, 33, 33],
    )
    const dinar = priced(inputOf({ lines: [line('a', 1, 1005, [tax(50_000)])] }))
    assert.equal(formatMoney(dinar.total_amount, 'KWD'), '1.055')
  })

  it('20 % alone is better than 10 % and 5.00 for 100.00, and worse for 30.00', () => {
    const discounts = [
      discountOf({ id: 'ten', kind: 'percent', rate_ppm: 100_000 }),
      discountOf({ id: 'five', kind: 'fixed', amount: 500 }),
      discountOf({ id: 'twenty', kind: 'percent', rate_ppm: 200_000, exclusive: true }),
    ]
    const applied = (unit_amount: number) => {
      const answer = priced(inputOf({ lines: [line('a', 1, unit_amount, [])], discounts }))
      const refused = answer.refused.map(({ id, reason }) => `${id}: ${reason}`)
      return [answer.discounts.map(({ id, amount }) => [id, amount]), refused]
    }
    assert.deepEqual(applied(10_000), [
      [['twenty', 2000]],
      ['five: not_combinable', 'ten: not_combinable'],
    ])
    assert.deepEqual(applied(3000), [
      [
        ['five', 500],
        ['ten', 250],
      ],
      ['twenty: not_combinable'],
    ])
  })

  it('free shipping from 50.00 on, counted before any discount', () => {
    const free = discountOf({ id: 'free', kind: 'free_shipping', minimum_amount: 5000 })
    const half = discountOf({ id: 'half', kind: 'percent', rate_ppm: 500_000 })
    const shipping = { amount: 1000, taxes: [tax(80_000)] }
    const bought = (unit_amount: number, discounts: Discount[], chosen = shipping as never) =>
      priced(inputOf({ lines: [line('a', 1, unit_amount, [])], shipping: chosen, discounts }))
    assert.equal(bought(5000, [half, free]).total_amount, 2500)
    assert.equal(bought(4999, [half, free]).refused[0]?.reason, 'minimum_not_reached')
    const early = bought(5000, [free], null as never)
    assert.match(early.refused[0]?.explanation ?? '', /no shipping method/)
    assert.equal(early.shipping, null)
  })

  it('nothing at all costs nothing', () => {
    const answer = priced(inputOf({ lines: [], discounts: [discountOf({ kind: 'fixed' })] }))
    assert.equal(answer.total_amount, 0)
    assert.equal(answer.refused[0]?.reason, 'nothing_eligible')
    assert.deepEqual(answer.taxes, [])
  })
})

function inputOf(given: Partial<PricingInput>): PricingInput {
  return {
    lines: [],
    shipping: null,
    discounts: [],
    prices_include_tax: false,
    tax_rounding: 'line',
    ...given,
  }
}

function discountOf(
  given: Partial<Discount> & { kind: Discount['kind']; rate_ppm?: number; amount?: number },
): Discount {
  return {
    id: 'd',
    code: null,
    label: 'a discount',
    priority: 0,
    exclusive: false,
    minimum_amount: 0,
    line_keys: null,
    amount: 100,
    ...given,
  } as Discount
}
