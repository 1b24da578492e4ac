import { sql } from 'kysely'
import type { TaxRate, TaxReason } from '#modules/pricing'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { remember } from '#platform/remembered'
import { taxClassEvents, taxRateEvents } from './events.ts'
import { areaContains, type GivenPlace, type Place, placeOf } from './places.ts'
import { parseRate } from './rate-text.ts'
import { db } from './tables.ts'

/** The class that everything is of unless it says otherwise. */
export const STANDARD = 'standard'

/**
 * What gift cards are of: nothing is due when one is sold, because what it will buy, and so its
 * tax, is not known yet (a multi-purpose voucher: Directive (EU) 2016/1065, article 30b of the VAT
 * directive). Tax is due on what it pays for. No rates are kept for it.
 */
export const GIFT_CARD = 'gift_card'

/** Whose taxes are asked for. */
export type TaxQuestion = {
  /** Where it goes; null if that is not known yet: then the shop's own country and region. */
  destination: GivenPlace | null
  /** Codes of tax classes. */
  classes: readonly string[]
  /** Why nothing is due although there are rates: they are answered with 0 and this reason. */
  exempt?: 'exempt' | 'reverse_charge' | 'export' | undefined
}

/**
 * The taxes that are due at this instant on things of each class, remembered for each place; never
 * an empty list, but for gift cards. A class without a rate there is taxed as `standard`. While no
 * rate has come into force yet, the setting `default_tax_rate` applies, and later to an unknown
 * destination where the shop's own country has none; any other destination without a rate is one
 * row of 0, an export.
 */
export async function taxRatesFor(
  ctx: Context,
  { destination, classes, exempt }: TaxQuestion,
): Promise<Map<string, readonly TaxRate[]>> {
  const { shop_country: country, shop_region: region } = ctx.settings
  const place = placeOf(destination ?? { country, region })
  const asked = [...new Set([...classes, STANDARD])]
  const { isConfigured, taxed, byDefault } = await rememberedRates(ctx, {
    ...place,
    classes: asked,
  })
  const other = isConfigured && destination ? untaxed(place) : byDefault
  const standard = taxed.get(STANDARD) ?? [other]
  const ratesOf = (tax_class: string): readonly TaxRate[] => {
    if (tax_class === GIFT_CARD) return []
    const due = taxed.get(tax_class) ?? standard
    return exempt ? due.map((rate) => without(rate, exempt)) : due
  }
  return new Map(classes.map((tax_class) => [tax_class, ratesOf(tax_class)]))
}

type Rate = TaxRate & { tax_class: string; valid_from: string; valid_until: string | null }
/** A rate of that place, now or later, or nulls if there is none. */
type Row = (Rate | { [K in keyof Rate]: null }) & {
  /** 1 if any rate has come into force yet, anywhere; if not, when the first one will. */
  configured: number
  begins_at: string | null
}
type Asked = Place & { classes: readonly string[] }

export const rememberedRates = remember({
  topic: 'tax.rates',
  forgotten_on: [...Object.values(taxRateEvents), ...Object.values(taxClassEvents)],
  key: ({ country, region, postal_code, classes }: Asked) =>
    `${country} ${region} ${postal_code} ${classes.toSorted().join(' ')}`,
  read: async (ctx, asked) => {
    const rows = await ratesOfPlace(ctx, { ...asked, now: ctx.now })
    const { configured, begins_at } = rows[0] as Row
    const known = rows.filter(isRate)
    const changes = known.flatMap(({ valid_from, valid_until }) => [valid_from, valid_until])
    return {
      value: {
        isConfigured: configured === 1,
        taxed: byClass(known.filter(({ valid_from }) => valid_from <= ctx.now)),
        byDefault: defaultRate(ctx),
      },
      until: earliest([...changes, begins_at], ctx.now),
    }
  },
})

const ratesOfPlace = prepared(db, (open, p: Asked & { now: string }, engine) => {
  const began = sql`select 1 from tax_rates where archived_at is null and valid_from <= ${p.now}`
  const first = sql`select min(valid_from) from tax_rates where archived_at is null`
  return rawQuery(
    open,
    sql<Row>`
      select c.configured, c.begins_at, r.tax_class, r.name, r.jurisdiction, r.rate_ppm, r.reason,
        r.valid_from, r.valid_until
      from (select case when exists (${began}) then 1 else 0 end as configured,
        case when exists (${began}) then null else (${first}) end as begins_at) as c
      left join tax_rates as r on r.archived_at is null
        and (r.valid_until is null or r.valid_until > ${p.now})
        and ${isOneOf(engine, 'r.tax_class', { values: p.classes, kind: 'text' })}
        and ${areaContains('r', p)}
      order by length(r.postal_prefix), length(r.region), r.jurisdiction, r.name, r.id`,
  )
})

/** The first of these instants that is still to come; null if none is. */
const earliest = (instants: readonly (string | null)[], now: string): string | null =>
  instants.filter((at) => at !== null && at > now).toSorted()[0] ?? null

const isRate = (row: Row): row is Rate & Row => row.tax_class !== null

const byClass = (rates: readonly Rate[]): ReadonlyMap<string, readonly TaxRate[]> =>
  new Map(
    [...Map.groupBy(rates, ({ tax_class }) => tax_class)].map(
      ([tax_class, all]) => [tax_class, all.map(rateOf)] as const,
    ),
  )

const rateOf = ({ name, jurisdiction, rate_ppm, reason }: Rate): TaxRate => ({
  name,
  jurisdiction,
  rate_ppm,
  reason,
})

const NAME = 'Tax'

const defaultRate = ({ settings }: Context): TaxRate => ({
  name: NAME,
  jurisdiction: 'default',
  rate_ppm: parseRate(settings.default_tax_rate),
  reason: 'default',
})

const untaxed = ({ country }: Place): TaxRate => ({
  name: NAME,
  jurisdiction: country,
  rate_ppm: 0,
  reason: 'export',
})

const without = (rate: TaxRate, reason: TaxReason): TaxRate => ({ ...rate, rate_ppm: 0, reason })
