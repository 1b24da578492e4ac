import type { Context } from '#platform/context'
import { listOf } from '#platform/database/rowset'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { lockOrder } from '../find.ts'
import { type Changes, emitChange } from '../history.ts'
import { withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'
import { deskErrors } from './errors.ts'
import { deskEvents } from './events.ts'
import {
  ATTRIBUTE_LENGTH_MAX,
  ATTRIBUTE_NAME,
  ATTRIBUTES_MAX,
  type SetAttributes,
} from './schemas.ts'
import { db } from './tables.ts'

/** Longer ones are kept, but orders are not found by them: an index entry has its limits. */
const KEY_MAX = 200

/** What a plain value is found by, as it would be written into an address; null for all else. */
export function valueKey(value: unknown): string | null {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value)
  const key = isPlain ? String(value) : null
  return key !== null && key.length <= KEY_MAX ? key : null
}

const insertAttributes = insertRows(db, 'order_attributes')

/**
 * Sets custom attributes of an order: those left out stay as they are, null takes one away. Throws
 * `too_many`, and `VALIDATION_FAILED` for a value that is too long.
 */
export async function setAttributes(
  ctx: Context,
  { id, attributes }: SetAttributes,
): Promise<Order> {
  for (const [name, value] of Object.entries(attributes)) {
    if (!ATTRIBUTE_NAME.test(name)) {
      const problem = 'is no name: letters, digits, _ . - after a letter, up to 60'
      throw invalidField(`attributes.${name.slice(0, 60)}`, problem)
    }
    if (JSON.stringify(value).length <= ATTRIBUTE_LENGTH_MAX) continue
    const problem = `must not exceed ${ATTRIBUTE_LENGTH_MAX} characters of JSON`
    throw invalidField(`attributes.${name}`, problem)
  }
  const order = await lockOrder(ctx, id)
  requireVersion(ctx, order.version)
  const changes = await differences(ctx, order.id, attributes)
  const names = Object.keys(changes)
  if (names.length === 0) return withLines(ctx, order)
  await db(ctx)
    .deleteFrom('order_attributes')
    .where('order_id', '=', order.id)
    .where('name', 'in', listOf(ctx.session.engine, names, 'text'))
    .execute()
  const rows = names
    .map((name) => ({ order_id: order.id, name, value: attributes[name] }))
    .filter(({ value }) => value !== null)
    .map((row) => ({ ...row, value: JSON.stringify(row.value), value_key: valueKey(row.value) }))
  if (rows.length > 0) await insertAttributes(ctx, { rows })
  const told = deskEvents.attributes_changed({ order_id: order.id, names })
  const members = Object.entries(changes).map(([name, change]) => [`attributes.${name}`, change])
  await emitChange(ctx, told, Object.fromEntries(members))
  return withLines(ctx, order)
}

async function differences(
  ctx: Context,
  order_id: Parameters<typeof deskEvents.attributes_changed>[0]['order_id'],
  wanted: SetAttributes['attributes'],
): Promise<Changes> {
  const rows = await db(ctx)
    .selectFrom('order_attributes')
    .select(['name', 'value'])
    .where('order_id', '=', order_id)
    .execute()
  const known = new Map(rows.map(({ name, value }) => [name, JSON.parse(value)]))
  const changes: Changes = {}
  let count = known.size
  for (const [name, after] of Object.entries(wanted)) {
    const before = known.get(name) ?? null
    if (JSON.stringify(before) === JSON.stringify(after)) continue
    changes[name] = { before, after }
    count += (after === null ? 0 : 1) - (before === null ? 0 : 1)
  }
  if (count > ATTRIBUTES_MAX) {
    throw deskErrors.too_many({ most: ATTRIBUTES_MAX, things: 'attributes' })
  }
  return changes
}
