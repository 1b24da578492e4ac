import type { Id } from '#kit/ids'
import type { PersonalData } from '#modules/customers'
import type { Context } from '#platform/context'
import { eraseFromEvents } from '#platform/erasure'
import { printNumber as printClaim } from './claims/find.ts'
import { db as claims } from './claims/tables.ts'
import { printNumber as printExchange } from './exchanges/find.ts'
import { db as exchanges } from './exchanges/tables.ts'
import { printRma } from './find.ts'
import { db } from './tables.ts'

/** Returns of one step: small, because commands wait for it on SQLite. */
const BATCH = 200
/** Enough to say why not; the rest is told when these are done. */
const OBSTACLES_MAX = 20
const OPEN = ['Requested', 'Approved', 'PartiallyReceived', 'Received'] as const
const ERASED = 'Erased'

/** What returns, exchanges and claims keep of a customer: their words. Units and money remain. */
export const personalDataOfReturns: PersonalData = {
  name: 'returns',

  async exportOf(ctx, customer_id) {
    const told: object[] = []
    for await (const rows of returnsOf(ctx, customer_id)) {
      for (const { id: _, number, ...row } of rows) {
        told.push({ rma_number: printRma(number), ...row })
      }
    }
    for (const { number, ...row } of await exchangesOf(ctx, customer_id)) {
      told.push({ exchange_number: printExchange(number), ...row })
    }
    for (const { number, ...row } of await claimsOf(ctx, customer_id)) {
      told.push({ claim_number: printClaim(number), ...row })
    }
    return told
  },

  async obstacles(ctx, customer_id) {
    const open = await db(ctx)
      .selectFrom('returns')
      .select(['number', 'status'])
      .where('customer_id', '=', customer_id)
      .where('deleted_at', 'is', null)
      .where('status', 'in', OPEN)
      .orderBy('id')
      .limit(OBSTACLES_MAX)
      .execute()
    return open.map(({ number, status }) => `return ${printRma(number)} is ${status}`)
  },

  async erase(ctx, customer_id) {
    for await (const rows of returnsOf(ctx, customer_id)) {
      const ids = rows.map(({ id }) => id)
      await eraseReturns(ctx, ids)
      await eraseFromEvents(ctx, { entity_ids: ids, members: ['reason'] })
    }
    await eraseDocuments(ctx, customer_id)
  },
}

async function eraseReturns(ctx: Context, ids: readonly Id<'return'>[]): Promise<void> {
  await db(ctx)
    .updateTable('returns')
    .set({ reason: ERASED, customer_notes: null, status_reason: null, override_reason: null })
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: ctx.now }))
    .where('id', 'in', ids)
    .execute()
  await db(ctx)
    .updateTable('return_lines')
    .set({ reason: null })
    .where('return_id', 'in', ids)
    .execute()
  await db(ctx)
    .updateTable('return_notes')
    .set({ content: ERASED })
    .where('return_id', 'in', ids)
    .execute()
  await db(ctx)
    .updateTable('return_receipts')
    .set({ note: null })
    .where('return_id', 'in', ids)
    .execute()
  await db(ctx)
    .updateTable('return_dispositions')
    .set({ note: null })
    .where('return_id', 'in', ids)
    .execute()
}

async function eraseDocuments(ctx: Context, customer_id: Id<'customer'>): Promise<void> {
  await exchanges(ctx)
    .updateTable('exchanges')
    .set({ reason: ERASED, status_reason: null, updated_at: ctx.now })
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('customer_id', '=', customer_id)
    .execute()
  await claims(ctx)
    .updateTable('claims')
    .set({ description: ERASED, evidence: [], status_reason: null, updated_at: ctx.now })
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('customer_id', '=', customer_id)
    .execute()
  await claims(ctx)
    .updateTable('claim_lines')
    .set({ note: null })
    .where('claim_id', 'in', (eb) =>
      eb.selectFrom('claims').select('claims.id').where('customer_id', '=', customer_id),
    )
    .execute()
}

/** The customer's returns, deleted ones too, oldest first. */
async function* returnsOf(ctx: Context, customer_id: Id<'customer'>) {
  for (let after: Id<'return'> | undefined; ; ) {
    let rows = db(ctx)
      .selectFrom('returns')
      .select(['id', 'number', 'status', 'reason', 'customer_notes', 'tracking_number'])
      .select('created_at')
      .where('customer_id', '=', customer_id)
      .orderBy('id')
      .limit(BATCH)
    if (after) rows = rows.where('id', '>', after)
    const found = await rows.execute()
    if (found.length > 0) yield found
    if (found.length < BATCH) return
    after = found.at(-1)?.id
  }
}

const exchangesOf = (ctx: Context, customer_id: Id<'customer'>) =>
  exchanges(ctx)
    .selectFrom('exchanges')
    .select(['number', 'status', 'reason', 'created_at'])
    .where('customer_id', '=', customer_id)
    .orderBy('id')
    .execute()

const claimsOf = (ctx: Context, customer_id: Id<'customer'>) =>
  claims(ctx)
    .selectFrom('claims')
    .select(['number', 'status', 'description', 'evidence', 'created_at'])
    .where('customer_id', '=', customer_id)
    .orderBy('id')
    .execute()
