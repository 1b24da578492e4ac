import { parseCurrency } from '#kit/money'
import { requireTaxClass, STANDARD } from '#modules/tax'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { shippingErrors } from '../errors.ts'
import { shippingMethodEvents } from '../events.ts'
import { checkMethod, getMethod, type MethodRow, toldOf, whenMethodTaken } from '../methods.ts'
import { putRates, readRates } from '../rates.ts'
import type { CreateMethod, Method } from '../schemas.ts'
import { db } from '../tables.ts'

/** A quote looks at all of them at once. */
const METHODS_MAX = 500

/**
 * Makes a shipping method; the first one ends the built-in ones. Throws `method_taken`,
 * `zone_unknown`, `bands_overlap`, `too_many_methods`, and `class_unknown` of tax.
 */
export async function createMethod(ctx: Context, input: CreateMethod): Promise<Method> {
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const rates = readRates(input.rates, currency)
  const row: MethodRow = {
    id: ctx.newId('shipping_method'),
    code: input.code,
    name: input.name,
    description: input.description ?? null,
    zone_id: input.zone_id ?? null,
    currency,
    tax_class: input.tax_class ?? STANDARD,
    estimated_days_min: input.estimated_days_min,
    estimated_days_max: input.estimated_days_max,
    position: input.position ?? 100,
    is_active: input.is_active ?? true,
    archived_at: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await checkMethod(ctx, row)
  await requireTaxClass(ctx, row.tax_class)
  const { rows } = await countLive(ctx)
  if (rows >= METHODS_MAX) throw shippingErrors.too_many_methods({ limit: METHODS_MAX })
  await db(ctx).insertInto('shipping_methods').values(row).execute().catch(whenMethodTaken(row))
  await putRates(ctx, row.id, rates)
  emit(ctx, shippingMethodEvents.created(toldOf(row)))
  return getMethod(ctx, { id: row.id })
}

const countLive = (ctx: Context) =>
  db(ctx)
    .selectFrom('shipping_methods')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('archived_at', 'is', null)
    .executeTakeFirstOrThrow()
