import type { Id } from '#kit/ids'
import type { Page, PageQuery } from '#kit/pages'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { pageByNumber } from '#platform/database/list-pages'
import { emit } from '#platform/events'
import type { Consent, ConsentState } from './consent-schemas.ts'
import { customerEvents } from './events.ts'
import { getCustomer } from './find.ts'
import { orTryAgain } from './races.ts'
import { db, type Purpose } from './tables.ts'

type ById = { id: Id<'customer'> }

/** `account` if the customer says it themselves, else `staff`. */
export const sourceOf = ({ actor }: Context, id: Id<'customer'>): string =>
  actor.customer_id === id ? 'account' : 'staff'

const NUMBERED = {
  index: 'customer_consents_numbered',
  columns: 'customer_consents.customer_id, customer_consents.number',
}

type Said = {
  purpose: Purpose
  granted: boolean
  source: string
  ip?: string | null
  text_version?: string | null
}

/**
 * Adds the next consent of a customer. Whoever calls it for `marketing_email` writes
 * `accepts_marketing` in the same transaction.
 */
export async function appendConsent(
  ctx: Context,
  customer_id: Id<'customer'>,
  { ip = null, text_version = null, ...said }: Said,
): Promise<Consent> {
  await lockEntity(ctx, 'customer', customer_id)
  const newest = await db(ctx)
    .selectFrom('customer_consents')
    .select('number')
    .where('customer_id', '=', customer_id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  const number = (newest?.number ?? 0) + 1
  const id = ctx.newId('consent')
  const consent = { id, customer_id, number, ...said, ip, text_version, recorded_at: ctx.now }
  const insert = db(ctx).insertInto('customer_consents').values(consent)
  await orTryAgain(insert.execute(), NUMBERED)
  const { purpose, granted, source } = said
  emit(ctx, customerEvents.consent_recorded({ customer_id, purpose, granted, source }))
  return consent
}

/** All that a customer ever agreed to or withdrew, newest first. */
export async function listConsents(
  ctx: Context,
  { id, ...input }: ById & PageQuery,
): Promise<Page<Consent>> {
  await getCustomer(ctx, id)
  return pageByNumber(ctx, input, {
    name: 'consents',
    number: 'number',
    rows: db(ctx).selectFrom('customer_consents').where('customer_id', '=', id).selectAll(),
    tell: (rows) => rows,
  })
}

/** What holds now: the newest consent of each purpose that was ever spoken of. */
export async function currentConsents(ctx: Context, { id }: ById): Promise<ConsentState[]> {
  await getCustomer(ctx, id)
  return statesOf(ctx, id)
}

/** The same without asking who asks. */
export async function statesOf(ctx: Context, id: Id<'customer'>): Promise<ConsentState[]> {
  const newest = db(ctx)
    .selectFrom('customer_consents')
    .select((eb) => ['purpose', eb.fn.max('number').as('number')])
    .where('customer_id', '=', id)
    .groupBy('purpose')
  return db(ctx)
    .selectFrom('customer_consents as consent')
    .innerJoin(newest.as('newest'), 'newest.number', 'consent.number')
    .select(['consent.purpose', 'consent.granted', 'consent.source', 'consent.text_version'])
    .select('consent.recorded_at')
    .where('consent.customer_id', '=', id)
    .orderBy('consent.purpose')
    .execute()
}
