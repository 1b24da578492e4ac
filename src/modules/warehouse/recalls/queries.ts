import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import { skusOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { warehouseErrors } from '../errors.ts'
import { db } from '../tables.ts'
import { recipients } from './ports.ts'
import type { GetRecall, ListContacts, ListRecalls, Recall, RecallContact } from './schemas.ts'
import type { recallTables } from './tables.ts'

export type RecallRow = Static<typeof recallTables.recalls>
export type ContactRow = Static<typeof recallTables.recall_contacts>

/** The recall of this id; throws `recall_not_found`. */
export async function findRecall(ctx: Context, recall: Id<'recall'>): Promise<RecallRow> {
  const row = await db(ctx)
    .selectFrom('recalls')
    .selectAll()
    .where('id', '=', recall)
    .executeTakeFirst()
  if (!row) throw warehouseErrors.recall_not_found({ recall })
  return row
}

/** One recall, with how far it is. */
export async function getRecall(ctx: Context, { id }: GetRecall): Promise<Recall> {
  const row = await findRecall(ctx, id)
  return (await withProgress(ctx, [row])).get(id) as Recall
}

/** Recalls, newest first. */
export async function listRecalls(ctx: Context, query: ListRecalls): Promise<Page<Recall>> {
  let rows = db(ctx).selectFrom('recalls').selectAll()
  if (query.status) rows = rows.where('status', '=', query.status)
  return pageById(ctx, query, {
    name: 'recalls',
    rows,
    tell: async (found) => {
      const told = await withProgress(ctx, found)
      return found.map(({ id }) => told.get(id) as Recall)
    },
  })
}

type Contacts = {
  recall_id: string
  status: string
  contacts: number
  quantity: number
  returned: number
}
type Inside = { recall_id: string; blocked: number; promised: number }
type Ids = { ids: readonly string[] }

const contactsOf = prepared(db, (open, p: Ids, engine) =>
  rawQuery(
    open,
    sql<Contacts>`select recall_id, status, count(*) as contacts, sum(quantity) as quantity,
        sum(returned_quantity) as returned from recall_contacts
      where ${isOneOf(engine, 'recall_id', { values: p.ids, kind: 'uuid' })}
      group by recall_id, status`,
  ),
)

// A serial number whose lot is recalled too is counted with its lot.
const insideOf = prepared(db, (open, p: Ids, engine) => {
  const own = isOneOf(engine, 'r.recall_id', { values: p.ids, kind: 'uuid' })
  return rawQuery(
    open,
    sql<Inside>`select recall_id, sum(blocked) as blocked, sum(promised) as promised from (
        select r.recall_id, sum(case when l.state <> 'sellable' then l.quantity else 0 end) as blocked,
          sum(case when l.state = 'sellable' then l.quantity else 0 end) as promised
        from recall_lots as r join lot_levels as l on l.lot_id = r.lot_id
        where ${own} group by r.recall_id
        union all
        select r.recall_id, sum(case when s.state <> 'sellable' then 1 else 0 end) as blocked,
          sum(case when s.state = 'sellable' then 1 else 0 end) as promised
        from recall_serials as r join serials as s on s.id = r.serial_id
        where ${own} and s.status = 'in_stock' and not exists (select 1 from recall_lots as o
          where o.recall_id = r.recall_id and o.lot_id = s.lot_id)
        group by r.recall_id
      ) as places group by recall_id`,
  )
})

async function withProgress(
  ctx: Context,
  rows: readonly RecallRow[],
): Promise<Map<Id<'recall'>, Recall>> {
  if (rows.length === 0) return new Map()
  const ids = rows.map(({ id }) => id)
  const [contacts, inside, skus] = await Promise.all([
    contactsOf(ctx, { ids }),
    insideOf(ctx, { ids }),
    skusOf(
      ctx,
      rows.map(({ item_id }) => item_id),
    ),
  ])
  return new Map(
    rows.map((row) => {
      const own = contacts.filter(({ recall_id }) => recall_id === row.id)
      const here = inside.find(({ recall_id }) => recall_id === row.id)
      const sum = (of: (one: Contacts) => number) => own.reduce((n, one) => n + of(one), 0)
      const many = (status: string) => own.find((one) => one.status === status)?.contacts ?? 0
      const progress = {
        contacts: sum((one) => one.contacts),
        pending: many('pending'),
        contacted: many('contacted'),
        returned: many('returned'),
        written_off: many('written_off'),
        units_out: sum((one) => one.quantity),
        units_returned: sum((one) => one.returned),
        units_blocked: here?.blocked ?? 0,
        units_promised: here?.promised ?? 0,
      }
      return [row.id, { ...row, item_number: skus.get(row.item_id) ?? '', progress }]
    }),
  )
}

/** Who got units of a recall, in the order in which they were noted, with who they are. */
export async function listContacts(
  ctx: Context,
  query: ListContacts,
): Promise<Page<RecallContact>> {
  const recall = await findRecall(ctx, query.id)
  let rows = db(ctx).selectFrom('recall_contacts').selectAll().where('recall_id', '=', recall.id)
  if (query.status) rows = rows.where('status', '=', query.status)
  return pageById(ctx, query, {
    name: 'contacts',
    rows,
    order: 'oldest first',
    tell: async (found) => {
      const told = await withRecipients(ctx, found)
      return found.map(({ id }) => told.get(id) as RecallContact)
    },
  })
}

/** Contacts as they are answered, by id. */
export async function withRecipients(
  ctx: Context,
  rows: readonly ContactRow[],
): Promise<Map<string, RecallContact>> {
  const people = rows.length > 0 ? await recipients.of(ctx).recipientsOf(ctx, rows) : []
  const by = new Map(people.map((one) => [`${one.reference_type} ${one.reference_id}`, one]))
  return new Map(
    rows.map(({ recall_id: _, ...row }) => {
      const who = by.get(`${row.reference_type} ${row.reference_id}`)
      const told = {
        ...row,
        reference_number: who?.number ?? null,
        customer_id: who?.customer_id ?? null,
        customer_name: who?.name ?? null,
        customer_email: who?.email ?? null,
      }
      return [row.id, told]
    }),
  )
}
