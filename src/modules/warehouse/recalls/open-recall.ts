import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { lockShelves } from '#modules/inventory'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { warehouseErrors } from '../errors.ts'
import { lotsOf } from '../keeping/facts.ts'
import { setBlocked } from '../lots/commands.ts'
import { related, serialRows, type Thing } from '../serials/genealogy.ts'
import { db } from '../tables.ts'
import { recallEvents } from './events.ts'
import { getRecall } from './queries.ts'
import type { OpenRecall, Recall } from './schemas.ts'
import {
  blockSerials,
  type MemberIds,
  type Out,
  quarantine,
  shelvesOfMembers,
  touchPlaces,
  unitsOut,
} from './units.ts'

const insertLots = insertRows(db, 'recall_lots')
const insertSerials = insertRows(db, 'recall_serials')

/**
 * Calls lots or serial numbers back: from now on none of them is picked or shipped, what is in the
 * house goes to quarantine as far as it is not promised, and everyone who got some stands in a list
 * of those to be told. READ COMMITTED, behind the locks of all shelves that have them: so a
 * shipment is either in the list or refused. Throws `lot_not_found`, `serial_not_found`.
 */
export async function openRecall(ctx: Context, input: OpenRecall): Promise<Recall> {
  const members = await membersOf(ctx, input)
  const { lots, serials } = members
  await lockShelves(ctx, await shelvesOfMembers(ctx, members))
  const { id, number, item_id } = await insertRecall(ctx, input, members)
  if (lots.length > 0) {
    await insertLots.run(ctx, { rows: lots.map((lot_id) => ({ recall_id: id, lot_id })) })
    await setBlocked(ctx, lots, `Recall ${number}: ${input.title}`.slice(0, 200))
    await touchPlaces.run(ctx, { lots, now: ctx.now })
  }
  if (serials.length > 0) {
    await insertSerials.run(ctx, {
      rows: serials.map((serial_id) => ({ recall_id: id, serial_id })),
    })
    await blockSerials.run(ctx, { serials, now: ctx.now })
  }
  const units_blocked = await quarantine(ctx, members, id)
  const contacts = await keepContacts(ctx, id, await unitsOut(ctx, members))
  const of = { recall_id: id, number, item_id, units_blocked, contacts }
  emit(ctx, recallEvents.opened({ ...of, lot_ids: lots, serial_ids: serials }))
  // Places follow the ledger at the end of the transaction; the answer is of then.
  const opened = await getRecall(ctx, { id })
  const { progress } = opened
  return {
    ...opened,
    progress: {
      ...progress,
      units_blocked: progress.units_blocked + units_blocked,
      units_promised: progress.units_promised - units_blocked,
    },
  }
}

/** The lots and serial numbers that are meant, with what they went into if that is asked for. */
async function membersOf(ctx: Context, input: OpenRecall): Promise<MemberIds> {
  const lots = [...new Set(input.lot_ids ?? [])]
  const serials = [...new Set(input.serial_ids ?? [])]
  if (lots.length + serials.length === 0) {
    throw invalidField('lot_ids', 'or serial_ids must name something')
  }
  const knownLots = await lotsOf(ctx, lots)
  const lot = lots.find((one) => !knownLots.has(one))
  if (lot) throw warehouseErrors.lot_not_found({ lot })
  const knownSerials = await serialRows(ctx, serials)
  const serial = serials.find((one) => !knownSerials.has(one))
  if (serial) throw warehouseErrors.serial_not_found({ serial })
  if (!input.include_made) return { lots, serials }
  const from: Thing[] = [
    ...lots.map((lot_id) => ({ lot_id, serial_id: null })),
    ...serials.map((serial_id) => ({ lot_id: null, serial_id })),
  ]
  const { links } = await related(ctx, from, 'up')
  return {
    lots: [...lots, ...links.flatMap(({ lot_id }) => lot_id ?? [])],
    serials: [...serials, ...links.flatMap(({ serial_id }) => serial_id ?? [])],
  }
}

async function insertRecall(ctx: Context, input: OpenRecall, { lots, serials }: MemberIds) {
  const [lot] = lots
  const [serial] = serials
  const row = lot ? (await lotsOf(ctx, [lot])).get(lot) : undefined
  const own = row ?? (await serialRows(ctx, serial ? [serial] : [])).get(serial as Id<'serial'>)
  return db(ctx)
    .insertInto('recalls')
    .values({
      id: ctx.newId('recall'),
      number: nextNumber(ctx.session.engine, 'recalls'),
      item_id: own?.item_id as Id<'item'>,
      title: input.title,
      instructions: input.instructions ?? null,
      status: 'open',
      closed_at: null,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .returning(['id', 'number', 'item_id'])
    .executeTakeFirstOrThrow()
}

type NewContact = Out & { id: string; recall_id: string; now: string }

const insertContacts = insertEach<NewContact, unknown>(
  db as never,
  {
    id: 'uuid',
    recall_id: 'uuid',
    reference_type: 'text',
    reference_id: 'text',
    quantity: 'bigint',
    now: 'timestamptz',
  },
  {
    table: 'recall_contacts',
    values: ({ now, ...row }) => ({
      ...row,
      returned_quantity: sql`0`,
      status: sql`'pending'`,
      created_at: now,
      updated_at: now,
    }),
    onConflict: sql`on conflict (recall_id, reference_id, reference_type) do nothing`,
  },
)

async function keepContacts(
  ctx: Context,
  recall_id: Id<'recall'>,
  out: readonly Out[],
): Promise<number> {
  const rows = out
    .filter(({ quantity }) => quantity > 0)
    .map(({ reference_type, reference_id, quantity }) => ({
      id: ctx.newId('recall_contact') as string,
      recall_id: recall_id as string,
      reference_type,
      reference_id,
      quantity,
      now: ctx.now,
    }))
  if (rows.length > 0) await insertContacts.run(ctx, { rows })
  return rows.length
}
