import { requireTaxClass } from '#modules/tax'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { shippingMethodEvents } from '../events.ts'
import {
  checkMethod,
  findMethod,
  getMethod,
  type MethodRow,
  toldOf,
  whenMethodTaken,
} from '../methods.ts'
import { putRates, readRates } from '../rates.ts'
import type { Method, UpdateMethod } from '../schemas.ts'
import { db } from '../tables.ts'

const MEMBERS = [
  'name',
  'description',
  'zone_id',
  'tax_class',
  'estimated_days_min',
  'estimated_days_max',
  'position',
  'is_active',
] as const

/**
 * Changes what is named of a method, its rates as a whole; its code and its currency stay. Throws
 * what making one throws.
 */
export async function updateMethod(ctx: Context, input: UpdateMethod): Promise<Method> {
  const method = await findMethod(ctx, input.id)
  requireVersion(ctx, method.version)
  const rates = input.rates && readRates(input.rates, method.currency)
  const row: MethodRow = { ...method, version: method.version + 1, updated_at: ctx.now }
  for (const member of MEMBERS) {
    if (input[member] !== undefined) Object.assign(row, { [member]: input[member] })
  }
  await checkMethod(ctx, row)
  if (input.tax_class !== undefined) await requireTaxClass(ctx, input.tax_class)
  const { id, created_at: _, ...columns } = row
  await db(ctx)
    .updateTable('shipping_methods')
    .set(columns)
    .where('id', '=', id)
    .where('version', '=', method.version)
    .execute()
    .catch(whenMethodTaken(row))
  if (rates) await putRates(ctx, id, rates)
  emit(ctx, shippingMethodEvents.updated(toldOf(row)))
  return getMethod(ctx, { id })
}
