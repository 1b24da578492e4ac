import { formatMoney } from '#kit/money'
import type { Caller } from './caller.ts'
import { METHODS, ZONES } from './demo/delivery.ts'
import { type DemoPromotion, PROMOTIONS } from './demo/promotions.ts'
import { ATTRIBUTES, CATEGORIES } from './demo/shelves.ts'
import { TAX_CLASSES, TAX_RATES } from './demo/taxes.ts'
import { DEMO_CURRENCIES, type DemoPrices, type DemoSpecial } from './demo/types.ts'

const DAY_MS = 86_400_000

/** Everything between a catalogue and a sale: what is taxed how, sent how, and taken off. */
export async function openForBusiness(
  caller: Caller,
  { opened, now }: { opened: string; now: string },
): Promise<void> {
  await levyTaxes(caller, opened)
  await arrangeDelivery(caller, opened)
  for (const promotion of PROMOTIONS) await promote(caller, promotion, { opened, now })
}

async function levyTaxes(caller: Caller, at: string): Promise<void> {
  for (const tax_class of TAX_CLASSES) await caller.call('tax.create_class', tax_class, at)
  await caller.each(TAX_RATES, (rate) => caller.call('tax.create_rate', rate, at))
}

async function arrangeDelivery(caller: Caller, at: string): Promise<void> {
  const zones = new Map<string, string>()
  for (const { name, areas } of ZONES) {
    const { id } = await caller.call('shipping.create_zone', { name, areas }, at)
    zones.set(name, id)
  }
  for (const { zone, days, ...method } of METHODS) {
    const [estimated_days_min, estimated_days_max] = days
    const facts = { zone_id: zones.get(zone), tax_class: 'shipping' }
    const made = { ...method, ...facts, estimated_days_min, estimated_days_max }
    await caller.call('shipping.create_method', made, at)
  }
}

async function promote(
  caller: Caller,
  { state, amounts, minimums, starts_days_ago, ends_days_ago, ...facts }: DemoPromotion,
  { opened, now }: { opened: string; now: string },
): Promise<void> {
  const before = (days: number) => new Date(Date.parse(now) - days * DAY_MS).toISOString()
  const promotion = {
    ...facts,
    ...(amounts && { amounts: amountsIn(amounts) }),
    ...(minimums && { minimum_subtotals: amountsIn(minimums) }),
    ...(starts_days_ago !== undefined && { starts_at: before(starts_days_ago) }),
    ...(ends_days_ago !== undefined && { ends_at: before(ends_days_ago) }),
    status: state === 'draft' ? 'draft' : 'active',
  }
  const { id } = await caller.call('promotions.create', promotion, opened)
  if (state === 'paused') await caller.call('promotions.pause', { id }, opened)
}

const amountsIn = (amounts: NonNullable<DemoPromotion['amounts']>) =>
  Object.entries(amounts).map(([currency, amount]) => ({ currency, amount }))

/** Puts up the signs between the shelves, and says what products can be told apart by. */
export async function layOut(caller: Caller, at: string): Promise<void> {
  for (const [place, { parent, ...category }] of CATEGORIES.entries()) {
    const facts = { ...category, parent_id: parent ?? null, position: (place + 1) * 10 }
    await caller.call('catalogue.create_category', facts, at)
  }
  for (const [place, attribute] of ATTRIBUTES.entries()) {
    const facts = { ...attribute, position: (place + 1) * 10 }
    await caller.call('catalogue.create_attribute', facts, at)
  }
}

const PRICES_MAX = 1000

type Listed = { sku: string; prices: DemoPrices; compare_at?: DemoPrices }

/** Sets quantity breaks when the shop opens, and each sale a day before the first one starts. */
export async function putOnOffer(
  caller: Caller,
  { specials, variants }: { specials: readonly DemoSpecial[]; variants: readonly Listed[] },
  { opened, now }: { opened: string; now: string },
): Promise<void> {
  const bySku = new Map(variants.map((variant) => [variant.sku, variant]))
  const priced = (special: DemoSpecial) => {
    const listed = bySku.get(special.sku)
    if (!listed) throw new Error(`there is no variant ${special.sku}`)
    return DEMO_CURRENCIES.map((currency) => ({
      variant_id: special.sku,
      currency,
      price: formatMoney(listed.prices[currency], currency),
      ...(listed.compare_at && {
        compare_at_price: formatMoney(listed.compare_at[currency], currency),
      }),
      ...offersIn(special, currency),
    }))
  }
  const set = async (some: readonly DemoSpecial[], at: string) => {
    const prices = some.flatMap(priced)
    for (let from = 0; from < prices.length; from += PRICES_MAX) {
      const batch = { prices: prices.slice(from, from + PRICES_MAX) }
      await caller.call('catalogue.set_prices_in_bulk', batch, at)
    }
  }
  const lasting = specials.filter(({ sale }) => !sale)
  const passing = specials.filter(({ sale }) => sale)
  await set(lasting, opened)
  const first = passing.map(({ sale }) => sale?.starts_at ?? now).sort()[0] ?? now
  await set(passing, new Date(Date.parse(first) - DAY_MS).toISOString())
}

const offersIn = ({ breaks, sale }: DemoSpecial, currency: (typeof DEMO_CURRENCIES)[number]) => {
  const priceOf = (prices: DemoPrices) => formatMoney(prices[currency], currency)
  return {
    ...(breaks && {
      breaks: breaks.map(({ min_quantity, prices }) => ({ min_quantity, price: priceOf(prices) })),
    }),
    ...(sale && {
      sales: [{ price: priceOf(sale.prices), starts_at: sale.starts_at, ends_at: sale.ends_at }],
    }),
  }
}
