import { sql } from 'kysely'
import type { Static } from 'typebox'
import { areaContains, type Place, placeOf } from '#modules/tax'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { remember } from '#platform/remembered'
import { builtInQuotes } from './built-in.ts'
import { shippingMethodEvents, shippingZoneEvents } from './events.ts'
import type { NOTHING_OFFERED } from './schemas.ts'
import { db } from './tables.ts'

/** What is to be sent, and where to. */
export type ShippingQuestion = {
  /** Two letters; null is the shop's own country. */
  country: string | null
  region?: string | null | undefined
  postal_code?: string | null | undefined
  currency: string
  /** Minor units of what is bought, before discounts. */
  subtotal_amount: number
  weight_grams: number
}

/** A method that is offered, and what it costs in minor units. */
export type ShippingQuote = {
  /** The code, for one of the built-in methods. */
  method_id: string
  code: string
  name: string
  amount: number
  estimated_days_min: number
  estimated_days_max: number
  tax_class: string
}

/** What is offered, what goes there but does not fit, and why nothing is offered. */
export type Offer = {
  options: ShippingQuote[]
  unfit: { code: string; name: string }[]
  reason: (typeof NOTHING_OFFERED)[number] | null
}

/** The methods that are offered for a cart, the cheapest first; remembered for each place. */
export const shippingQuotes = async (
  ctx: Context,
  question: ShippingQuestion,
): Promise<ShippingQuote[]> => (await offerFor(ctx, question)).options

/** The same for one method, by its code (in any case) or its id; undefined if it is not offered. */
export async function quoteFor(
  ctx: Context,
  question: ShippingQuestion,
  method: string,
): Promise<ShippingQuote | undefined> {
  const wanted = method.toLowerCase()
  const quotes = await shippingQuotes(ctx, question)
  return quotes.find(({ code, method_id }) => code === wanted || method_id === wanted)
}

/** Which methods go there and what they cost; of one code, the one of the most specific zone. */
export async function offerFor(ctx: Context, question: ShippingQuestion): Promise<Offer> {
  const { currency, subtotal_amount } = question
  const { shop_country, shop_region } = ctx.settings
  const place = placeOf(
    question.country === null
      ? { country: shop_country, region: shop_region }
      : { ...question, country: question.country },
  )
  const { configured, in_currency, methods } = await rememberedMethods(ctx, { ...place, currency })
  if (!configured) {
    return { options: builtInQuotes(currency, subtotal_amount), unfit: [], reason: null }
  }
  const priced = methods.map((method) => ({
    ...method,
    amount: method.rates.find((rate) => isWithin(rate, question))?.amount ?? null,
  }))
  const there = mostSpecific(priced)
  const fit = there.filter((method) => method.amount !== null) as (Priced & { amount: number })[]
  const unfit = there.filter(({ amount }) => amount === null)
  return {
    options: fit
      .sort((a, b) => a.amount - b.amount || a.position - b.position || (a.code < b.code ? -1 : 1))
      .map(quoteOf),
    unfit: unfit.map(({ code, name }) => ({ code, name })),
    reason: fit.length > 0 ? null : whyNothing({ in_currency, unfit: unfit.length }),
  }
}

type ShippingQuoteFacts = Omit<ShippingQuote, 'amount'>
type Rate = Omit<Static<(typeof db.tables)['shipping_rates']>, 'method_id' | 'position'>
/** A method that goes there, with all its bands. */
type Method = ShippingQuoteFacts & { position: number; rates: readonly Rate[] }
/** With what it costs for this parcel; null if none of its bands fits. */
type Priced = Method & { amount: number | null }
/** A band of a method that goes there, or nulls; the first two members stand in every row. */
type Row = ((Omit<Method, 'rates'> & (Rate | NoRate)) | NoMethod) & {
  configured: number
  in_currency: number
}
type NoRate = { [K in keyof Rate]: null }
type NoMethod = { [K in keyof (Omit<Method, 'rates'> & Rate)]: null }
type Asked = Place & { currency: string }

/** The first band that fits: bands of one method do not overlap. */
const isWithin = (rate: Rate, { subtotal_amount, weight_grams }: ShippingQuestion): boolean =>
  rate.min_weight_grams <= weight_grams &&
  (rate.max_weight_grams === null || rate.max_weight_grams > weight_grams) &&
  rate.min_subtotal_amount <= subtotal_amount &&
  (rate.max_subtotal_amount === null || rate.max_subtotal_amount > subtotal_amount)

export const rememberedMethods = remember({
  topic: 'shipping.methods',
  forgotten_on: [...Object.values(shippingMethodEvents), ...Object.values(shippingZoneEvents)],
  key: ({ country, region, postal_code, currency }: Asked) =>
    `${country} ${region} ${postal_code} ${currency}`,
  read: async (ctx, asked) => {
    const rows = await methodsFor(ctx, asked)
    const { configured, in_currency } = rows[0] as Row
    const byMethod = Map.groupBy(rows.filter(isMethod), ({ method_id }) => method_id)
    const methods = [...byMethod.values()].map((bands) => ({
      ...(bands[0] as MethodRow),
      rates: bands.filter(isRate),
    }))
    return { value: { configured, in_currency, methods }, until: null }
  },
})

/** Those of the most specific zone first. */
const methodsFor = prepared(db, (open, p: Asked) => {
  const offered = sql`m.archived_at is null and m.is_active and m.currency = ${p.currency}`
  const yes = (query: typeof offered) => sql`case when exists (${query}) then 1 else 0 end`
  // How much a zone says about the place: a longer postal prefix more than a shorter one, any
  // prefix more than a region, a region more than a country; null where the zone is elsewhere.
  const specificity = sql`
    select max(2 * length(a.postal_prefix) + case when a.region = '' then 0 else 1 end)
    from shipping_zone_areas as a where a.zone_id = m.zone_id and ${areaContains('a', p)}`
  return rawQuery(
    open,
    sql<Row>`
      select c.configured, c.in_currency, m.id as method_id, m.code, m.name, m.tax_class,
        m.estimated_days_min, m.estimated_days_max, m.position, r.min_weight_grams,
        r.max_weight_grams, r.min_subtotal_amount, r.max_subtotal_amount, r.amount
      from (select ${yes(sql`select 1 from shipping_methods`)} as configured,
        ${yes(sql`select 1 from shipping_methods as m where ${offered}`)} as in_currency) as c
      left join (select m.*,
          case when m.zone_id is null then -1 else (${specificity}) end as specificity
        from shipping_methods as m where ${offered}) as m on m.specificity is not null
      left join shipping_rates as r on r.method_id = m.id
      order by m.specificity desc, m.position, m.id, r.position`,
  )
})

type MethodRow = Exclude<Row, NoMethod>
const isMethod = (row: Row): row is MethodRow => row.method_id !== null
const isRate = (row: MethodRow): row is MethodRow & Rate => row.amount !== null

/** One of each code, the first; rows come with the most specific zone first. */
const mostSpecific = (rows: readonly Priced[]): Priced[] => [
  ...new Map(rows.toReversed().map((row) => [row.code, row])).values(),
]

const quoteOf = (method: Priced & { amount: number }): ShippingQuote => ({
  method_id: method.method_id,
  code: method.code,
  name: method.name,
  amount: method.amount,
  estimated_days_min: method.estimated_days_min,
  estimated_days_max: method.estimated_days_max,
  tax_class: method.tax_class,
})

function whyNothing(there: { in_currency: number; unfit: number }): Offer['reason'] {
  if (!there.in_currency) return 'no_method_in_currency'
  return there.unfit > 0 ? 'no_rate_for_cart' : 'not_delivered_there'
}
