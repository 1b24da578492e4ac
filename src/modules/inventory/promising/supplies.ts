import type { Id } from '#kit/ids'
import { parseCurrency, parseMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { receiveStock } from '../backorders/allocate.ts'
import { inventoryErrors } from '../errors.ts'
import { findItem, findLocation } from '../find.ts'
import { skusOf } from '../shelf-units.ts'
import { supplyEvents } from './events.ts'
import { supplyLifecycle } from './lifecycle.ts'
import type {
  ChangeSupply,
  ExpectSupply,
  GetSupply,
  ListSupplies,
  ReceiveSupply,
  Supply,
} from './schemas.ts'
import { db, type SupplyRow } from './tables.ts'

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('supplies')
    .selectAll()
    .where('id', '=', p.id as Id<'supply'>),
)

async function findSupply(ctx: Context, supply_id: Id<'supply'>): Promise<SupplyRow> {
  const found = await byId.first(ctx, { id: supply_id })
  if (!found) throw inventoryErrors.supply_not_found({ supply_id })
  return found
}

/** The same, while nobody else can change it until the commit. For READ COMMITTED. */
async function lockSupply(ctx: Context, supply_id: Id<'supply'>): Promise<SupplyRow> {
  await lockEntity(ctx, 'supply', supply_id)
  return findSupply(ctx, supply_id)
}

/** Writes down what somebody outside will bring, and when. */
export async function expectSupply(ctx: Context, input: ExpectSupply): Promise<Supply> {
  const item = await findItem(ctx, input.item_number)
  const location = await findLocation(ctx, input.location_id)
  const row: SupplyRow = {
    id: ctx.newId('supply'),
    item_id: item.id,
    location_id: location.id,
    quantity: input.quantity,
    received_quantity: 0,
    expected_at: new Date(input.expected_at).toISOString(),
    status: 'expected',
    reference: input.reference ?? null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await db(ctx).insertInto('supplies').values(row).execute()
  emit(ctx, supplyEvents.expected(factOf(row)))
  return told(ctx, row)
}

/** Says that it comes at another time or in another number; throws `fewer_than_received`. */
export async function changeSupply(ctx: Context, input: ChangeSupply): Promise<Supply> {
  const before = await lockSupply(ctx, input.id)
  supplyLifecycle.next(before.status, 'change')
  const { quantity = before.quantity, reference = before.reference } = input
  const expected_at =
    input.expected_at === undefined ? before.expected_at : new Date(input.expected_at).toISOString()
  if (quantity <= before.received_quantity) {
    throw inventoryErrors.fewer_than_received({ received: before.received_quantity })
  }
  const row = await save(ctx, before, { quantity, expected_at, reference })
  emit(ctx, supplyEvents.changed(factOf(row)))
  return told(ctx, row)
}

/** Takes in what came of it; what waits for the item gets it first. Throws `more_than_expected`. */
export async function receiveSupply(ctx: Context, input: ReceiveSupply): Promise<Supply> {
  const before = await lockSupply(ctx, input.id)
  const received = supplyLifecycle.next(before.status, 'receive')
  const expected = before.quantity - before.received_quantity
  const { quantity = expected, state, lots } = input
  if (quantity > expected) throw inventoryErrors.more_than_expected({ expected })
  const received_quantity = before.received_quantity + quantity
  const { item_id, location_id } = before
  const skus = await skusOf(ctx, [item_id])
  await receiveStock(ctx, [
    {
      item_id,
      sku: skus.get(item_id) ?? '',
      location_id,
      quantity_delta: quantity,
      kind: 'received',
      reason: before.reference,
      reference_type: 'supply',
      reference_id: before.id,
      ...costOf(ctx, input),
      ...(state && { state_to: state }),
      ...(lots && { lots }),
    },
  ])
  const status = quantity === expected ? received : before.status
  const row = await save(ctx, before, { received_quantity, status })
  emit(ctx, supplyEvents.received(factOf(row)))
  return told(ctx, row)
}

function costOf(ctx: Context, { unit_cost, currency: named }: ReceiveSupply) {
  if (unit_cost === undefined) return {}
  const currency = parseCurrency(named ?? ctx.settings.default_currency)
  const unit_cost_amount = parseMoney(unit_cost, currency, 'unit_cost')
  if (unit_cost_amount < 0) throw invalidField('unit_cost', 'must not be below 0')
  return { unit_cost_amount, currency }
}

/** Gives up what has not come yet. */
export async function cancelSupply(ctx: Context, { id }: GetSupply): Promise<Supply> {
  const before = await lockSupply(ctx, id)
  const row = await save(ctx, before, { status: supplyLifecycle.next(before.status, 'cancel') })
  emit(ctx, supplyEvents.cancelled(factOf(row)))
  return told(ctx, row)
}

async function save(
  ctx: Context,
  before: SupplyRow,
  change: Partial<SupplyRow>,
): Promise<SupplyRow> {
  const row = { ...before, ...change, version: before.version + 1, updated_at: ctx.now }
  const { id, ...columns } = row
  await db(ctx).updateTable('supplies').set(columns).where('id', '=', id).execute()
  return row
}

/** One supply. */
export const getSupply = async (ctx: Context, { id }: GetSupply): Promise<Supply> =>
  told(ctx, await findSupply(ctx, id))

/** What is expected and what came, newest first. */
export async function listSupplies(ctx: Context, query: ListSupplies): Promise<Page<Supply>> {
  const item = query.product_id === undefined ? undefined : await findItem(ctx, query.product_id)
  const location =
    query.location_id === undefined ? undefined : await findLocation(ctx, query.location_id)
  let rows = db(ctx).selectFrom('supplies').selectAll()
  if (item) rows = rows.where('item_id', '=', item.id)
  if (location) rows = rows.where('location_id', '=', location.id)
  if (query.status !== undefined) rows = rows.where('status', '=', query.status)
  return pageById(ctx, query, {
    name: 'supplies',
    rows,
    tell: async (found) => {
      const skus = await skusOf(
        ctx,
        found.map(({ item_id }) => item_id),
      )
      return found.map((row) => ({ ...row, item_number: skus.get(row.item_id) ?? '' }))
    },
  })
}

async function told(ctx: Context, row: SupplyRow): Promise<Supply> {
  const skus = await skusOf(ctx, [row.item_id])
  return { ...row, item_number: skus.get(row.item_id) ?? '' }
}

const factOf = ({ id: supply_id, ...row }: SupplyRow) => {
  const { item_id, location_id, quantity, received_quantity, expected_at } = row
  return { supply_id, item_id, location_id, quantity, received_quantity, expected_at }
}
