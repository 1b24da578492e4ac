import { sql } from 'kysely'
import { areaContains, type Place, placeOf } from '#modules/tax'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { builtInQuotes } from './built-in.ts'
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

/** The methods that are offered for a cart, the cheapest first. One statement. */
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
  const { currency, subtotal_amount, weight_grams } = question
  const { shop_country, shop_region } = ctx.settings
  const place = placeOf(
    question.country === null
      ? { country: shop_country, region: shop_region }
      : { ...question, country: question.country },
  )
  const rows = await methodsFor(ctx, { ...place, currency, subtotal_amount, weight_grams })
  const { configured, in_currency } = rows[0] as Row
  if (!configured) {
    return { options: builtInQuotes(currency, subtotal_amount), unfit: [], reason: null }
  }
  const there = mostSpecific(rows.filter(isMethod))
  const fit = there.filter((method) => method.amount !== null) as (Method & { amount: number })[]
  const unfit = there.filter(({ amount }) => amount === null)
  return {
    options: fit
      .sort((a, b) => a.amount - b.amount || a.position - b.position || (a.code < b.code ? -1 : 1))
      .map(quoteOf),
    unfit: unfit.map(({ code, name }) => ({ code, name })),
    reason: fit.length > 0 ? null : whyNothing({ in_currency, unfit: unfit.length }),
  }
}

type Method = ShippingQuoteFacts & { position: number; specificity: number; amount: number | null }
type ShippingQuoteFacts = Omit<ShippingQuote, 'amount'>
/** A method that goes there, or nulls if there is none; the first two stand in every row. */
type Row = (Method | { [K in keyof Method]: null }) & { configured: number; in_currency: number }
type Asked = Place & { currency: string; subtotal_amount: number; weight_grams: number }

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
        m.estimated_days_min, m.estimated_days_max, m.position, m.specificity, r.amount
      from (select ${yes(sql`select 1 from shipping_methods`)} as configured,
        ${yes(sql`select 1 from shipping_methods as m where ${offered}`)} as in_currency) as c
      left join (select m.*,
          case when m.zone_id is null then -1 else (${specificity}) end as specificity
        from shipping_methods as m where ${offered}) as m on m.specificity is not null
      left join shipping_rates as r on r.method_id = m.id
        and r.min_weight_grams <= ${p.weight_grams}
        and (r.max_weight_grams is null or r.max_weight_grams > ${p.weight_grams})
        and r.min_subtotal_amount <= ${p.subtotal_amount}
        and (r.max_subtotal_amount is null or r.max_subtotal_amount > ${p.subtotal_amount})
      order by m.specificity desc, m.position, m.id`,
  )
})

const isMethod = (row: Row): row is Method & Row => row.method_id !== null

/** One of each code, the first; rows come with the most specific zone first. */
const mostSpecific = (rows: readonly Method[]): Method[] => [
  ...new Map(rows.toReversed().map((row) => [row.code, row])).values(),
]

const quoteOf = (method: Method & { amount: number }): ShippingQuote => ({
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
