import type { Want } from '../stock.ts'
import type { Cut, Taxes } from './till.ts'

// What a shop decides and changes from day to day: prices, codes, taxes, shipping.

export const WARES = ['MUG', 'TEA', 'CUP', 'PDF'] as const
export type Ware = (typeof WARES)[number]
/** What lies on no shelf and is not sent. */
export const isDigital = (ware: Ware): ware is 'PDF' => ware === 'PDF'
export type Put = Omit<Want, 'sku'> & { sku: Ware }

export const DESTINATIONS = ['ME', 'TX', 'DE'] as const
export type Destination = (typeof DESTINATIONS)[number]
export const CLASSES = ['standard', 'reduced'] as const
type Class = (typeof CLASSES)[number]
/** Tea is of a class of its own. */
export const classOf = (ware: Ware): Class => (ware === 'TEA' ? 'reduced' : 'standard')

export const AREAS = ['US', 'US-ME', 'DE'] as const
export type Area = (typeof AREAS)[number]
const AREAS_OF: Record<Destination | 'unknown', readonly Area[]> = {
  ME: ['US', 'US-ME'],
  TX: ['US'],
  DE: ['DE'],
  unknown: ['US'],
}

/** Beside its terms a promotion has limits; the first one needs no code. In order of priority. */
export const CUTS = [
  { name: 'AUTO', exclusive: false, minimum: 6000, percent: 5 },
  { name: 'TENTH', exclusive: false, minimum: 0, percent: 10 },
  { name: 'THREE', exclusive: false, minimum: 2000, fixed: 300, uses: 2 },
  { name: 'TEAS', exclusive: false, minimum: 0, percent: 50, about: 'TEA', usesEach: 1 },
  { name: 'FREE', exclusive: false, minimum: 1000, freeShipping: true },
  { name: 'GIFT', exclusive: true, minimum: 0, percent: 100, uses: 1 },
] as const satisfies readonly (Cut & { uses?: number; usesEach?: number })[]
export type Code = Exclude<(typeof CUTS)[number]['name'], 'AUTO'>
export const CODES = CUTS.map(({ name }) => name).filter((name): name is Code => name !== 'AUTO')
export type Limited = Cut & { uses?: number; usesEach?: number }

type Sale = { amount: number; from: number; until: number }
export type Price = {
  amount: number
  breaks: readonly { units: number; amount: number }[]
  sales: readonly Sale[]
}
export type Method = 'standard' | 'express'
/** What a method of the shop's own costs: below 40.00 and from there on. */
export type Tariff = { below: number; above: number }
const BUILT_IN: Record<Method, (subtotal: number) => number> = {
  standard: (subtotal) => (subtotal >= 5000 ? 0 : 1000),
  express: () => 2500,
}
const FROM = 4000

export class Terms {
  readonly prices: Record<Ware, Price>
  readonly paused = new Set<Code>()
  readonly rates = new Map<`${Area} ${Class}`, number>()
  tariff: Tariff | undefined

  constructor(amounts: Record<Ware, number>) {
    const plain = (amount: number): Price => ({ amount, breaks: [], sales: [] })
    const { MUG, TEA, CUP, PDF } = amounts
    this.prices = { MUG: plain(MUG), TEA: plain(TEA), CUP: plain(CUP), PDF: plain(PDF) }
  }

  /** The lowest of all prices that so many units can be had for. */
  unitAmount({ sku, quantity }: Put, now: number): number {
    const { amount, breaks, sales } = this.prices[sku]
    return Math.min(
      amount,
      ...breaks.filter(({ units }) => units <= quantity).map((one) => one.amount),
      ...sales.filter(({ from, until }) => from <= now && now < until).map((one) => one.amount),
    )
  }

  /** What is due on something of a class; before any rate was set, 8 % on goods. */
  taxes(of: Class, to: Destination | undefined, isShipping = false): Taxes {
    const rated = (name: Class) =>
      AREAS_OF[to ?? 'unknown'].flatMap((area) => {
        const ppm = this.rates.get(`${area} ${name}`)
        return ppm === undefined ? [] : [tax(area, `Tax of ${area}`, ppm, 'standard')]
      })
    const own = rated(of)
    const found = own.length > 0 ? own : rated('standard')
    if (found.length > 0) return found
    if (this.rates.size > 0 && to) return [tax(to === 'DE' ? 'DE' : 'US', 'Tax', 0, 'export')]
    return [tax('default', 'Tax', isShipping ? 0 : 80_000, 'default')]
  }

  /** What each method costs that can be had. */
  methods(subtotal: number): Map<Method, number> {
    const { tariff } = this
    if (tariff) return new Map([['standard', subtotal < FROM ? tariff.below : tariff.above]])
    return new Map((['standard', 'express'] as const).map((one) => [one, BUILT_IN[one](subtotal)]))
  }
}

/** Equal taxes have equal names, and are shared out in the order of these. */
const tax = (jurisdiction: string, name: string, ppm: number, reason: string) => ({
  name: JSON.stringify([jurisdiction, name, ppm, reason]),
  ppm,
})
