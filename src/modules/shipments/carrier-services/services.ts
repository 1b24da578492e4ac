import { formatMoney, parseCurrency, parseMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { shipmentErrors } from '../errors.ts'
import { carrierEvents } from '../events.ts'
import { builtInServices } from './built-in.ts'
import type { CarrierService, GetService, PutService, ZoneInput } from './schemas.ts'
import { db, type ServiceRow, type StoredZone } from './tables.ts'

const SERVICES_MAX = 100

const standing = prepared(db, (open, p: { most: number }) =>
  open
    .selectFrom('carrier_services')
    .selectAll()
    .where('archived_at', 'is', null)
    .orderBy('code')
    .limit(p.most),
)
const byCode = prepared(db, (open, p: { code: string }) =>
  open
    .selectFrom('carrier_services')
    .selectAll()
    .where('code', '=', p.code)
    .where('archived_at', 'is', null),
)

/** What the built-in carrier takes: its services, or the standing ones while there is none. */
export async function tableServices(ctx: Context, currency: string) {
  const made = await standing(ctx, { most: SERVICES_MAX })
  if (made.length === 0) return builtInServices(currency, ctx.settings.shop_country)
  return made.filter(({ is_active }) => is_active)
}

/** The services that operators have made. */
export async function listServices(ctx: Context): Promise<{ items: CarrierService[] }> {
  return { items: (await standing(ctx, { most: SERVICES_MAX })).map(serviceOf) }
}

/** One service; throws `service_not_found`. */
export async function getService(ctx: Context, { code }: GetService): Promise<CarrierService> {
  const found = await byCode.first(ctx, { code })
  if (!found) throw shipmentErrors.service_not_found({ code })
  return serviceOf(found)
}

const insertServices = insertRows(db, 'carrier_services')
const update = prepared(db, (open, p: ServiceRow) =>
  open
    .updateTable('carrier_services')
    .set({
      name: p.name,
      method: p.method,
      currency: p.currency,
      zones: p.zones,
      is_active: p.is_active,
      archived_at: p.archived_at,
      version: p.version,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id),
)

/** Makes a service of the built-in carrier, or replaces its whole table. */
export async function putService(ctx: Context, input: PutService): Promise<CarrierService> {
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const zones = input.zones.map((zone, index) => zoneOf(zone, { index, currency }))
  await lockEntity(ctx, 'carrier_service', input.code)
  const known = await byCode.first(ctx, { code: input.code })
  if (known) requireVersion(ctx, known.version)
  else if ((await standing(ctx, { most: SERVICES_MAX })).length === SERVICES_MAX) {
    throw shipmentErrors.too_many_services({ most: SERVICES_MAX })
  }
  const row: ServiceRow = {
    id: known?.id ?? ctx.newId('carrier_service'),
    code: input.code,
    name: input.name,
    method: input.method ?? known?.method ?? 'standard',
    currency,
    zones,
    is_active: input.is_active ?? known?.is_active ?? true,
    archived_at: null,
    version: (known?.version ?? 0) + 1,
    created_at: known?.created_at ?? ctx.now,
    updated_at: ctx.now,
  }
  await (known ? update.run(ctx, row) : insertServices.run(ctx, { rows: [row] }))
  emit(ctx, carrierEvents.service_changed({ service_id: row.id, code: row.code }))
  return serviceOf(row)
}

/** Gives a service up; labels that were bought by it stay good. */
export async function archiveService(ctx: Context, { code }: GetService): Promise<undefined> {
  await lockEntity(ctx, 'carrier_service', code)
  const known = await byCode.first(ctx, { code })
  if (!known) throw shipmentErrors.service_not_found({ code })
  requireVersion(ctx, known.version)
  const { version } = known
  await update.run(ctx, {
    ...known,
    version: version + 1,
    archived_at: ctx.now,
    updated_at: ctx.now,
  })
  emit(ctx, carrierEvents.service_changed({ service_id: known.id, code }))
}

type At = { index: number; currency: string }

function zoneOf(
  { name, areas, delivery_days, bands }: ZoneInput,
  { index, currency }: At,
): StoredZone {
  const grams = bands.map(({ up_to_grams }) => up_to_grams)
  if (new Set(grams).size < grams.length) {
    throw invalidField(`zones.${index}.bands`, 'must end at different weights')
  }
  return {
    name,
    areas: (areas ?? []).map(({ country, region, postal_prefix }) => ({
      country: country.toUpperCase(),
      region: region?.toUpperCase() ?? null,
      postal_prefix: postal_prefix?.toUpperCase() ?? null,
    })),
    delivery_days,
    bands: bands
      .map(({ up_to_grams, amount }, nth) => ({
        up_to_grams,
        amount: priceOf(amount, { field: `zones.${index}.bands.${nth}.amount`, currency }),
      }))
      .toSorted((a, b) => a.up_to_grams - b.up_to_grams),
  }
}

function priceOf(sent: string | number, { field, currency }: { field: string; currency: string }) {
  const amount = parseMoney(sent, currency, field)
  if (amount < 0) throw invalidField(field, 'must not be negative')
  return amount
}

const serviceOf = ({ archived_at: _, zones, ...row }: ServiceRow): CarrierService => ({
  ...row,
  zones: zones.map((zone) => ({
    ...zone,
    bands: zone.bands.map(({ up_to_grams, amount }) => ({
      up_to_grams,
      amount: formatMoney(amount, row.currency),
    })),
  })),
})
