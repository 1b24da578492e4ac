import type { Id } from '#kit/ids'
import { formatMoney, parseCurrency, parseMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import { findCategory } from '#modules/catalogue'
import { formatRate, parseRate } from '#modules/tax'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { lockEntity } from '#platform/database/entity-lock'
import { pageById } from '#platform/database/list-pages'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { returnErrors } from '../errors.ts'
import { findReason, reasonsById } from '../reasons/queries.ts'
import { policyEvents } from './events.ts'
import type { CreatePolicy, GetPolicy, ListPolicies, Policy, UpdatePolicy } from './schemas.ts'
import { db, type PolicyRow } from './tables.ts'
import { POLICIES_MAX } from './terms.ts'

const insert = insertRows(db, 'return_policies')

/** Adds an exception from the usual terms of returns. Open returns keep the terms they have. */
export async function createPolicy(ctx: Context, input: CreatePolicy): Promise<Policy> {
  // They are counted, so one is added at a time.
  await lockEntity(ctx, 'return_policies', 'all')
  const { total } = await countUpTo(ctx, live(ctx))
  if (total >= POLICIES_MAX) throw invalidField('name', `there are ${POLICIES_MAX} already`)
  const row: PolicyRow = {
    ...(await termsIn(ctx, input, USUAL)),
    id: ctx.newId('return_policy'),
    name: input.name,
    archived_at: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await insert(ctx, { rows: [row] })
  emit(ctx, policyEvents.created({ policy_id: row.id, name: row.name }))
  return answer(ctx, row)
}

/** Changes what is named of a policy, for returns that are asked for from now on. */
export async function updatePolicy(ctx: Context, input: UpdatePolicy): Promise<Policy> {
  const known = await findPolicy(ctx, input.id)
  const row: PolicyRow = {
    ...known,
    ...(await termsIn(ctx, input, known)),
    name: input.name ?? known.name,
    updated_at: ctx.now,
  }
  await db(ctx).updateTable('return_policies').set(row).where('id', '=', row.id).execute()
  emit(ctx, policyEvents.updated({ policy_id: row.id, name: row.name }))
  return answer(ctx, row)
}

/** Ends a policy. */
export async function archivePolicy(ctx: Context, { id }: GetPolicy): Promise<undefined> {
  const { name } = await findPolicy(ctx, id)
  const archived_at = ctx.now
  await db(ctx).updateTable('return_policies').set({ archived_at }).where('id', '=', id).execute()
  emit(ctx, policyEvents.archived({ policy_id: id, name }))
}

/** One return policy. */
export const getPolicy = async (ctx: Context, { id }: GetPolicy): Promise<Policy> =>
  answer(ctx, await findPolicy(ctx, id))

/** The policies in force, the oldest first. */
export async function listPolicies(ctx: Context, query: ListPolicies): Promise<Page<Policy>> {
  return pageById(ctx, query, {
    name: 'return_policies',
    rows: live(ctx).selectAll(),
    order: 'oldest first',
    tell: async (rows) => {
      const codes = await reasonsById(
        ctx,
        rows.flatMap(({ reason_id }) => reason_id ?? []),
      )
      return rows.map((row) => policyOf(row, codes))
    },
  })
}

const live = (ctx: Context) =>
  db(ctx).selectFrom('return_policies').where('archived_at', 'is', null)

async function findPolicy(ctx: Context, id: Id<'return_policy'>): Promise<PolicyRow> {
  const found = await live(ctx).selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw returnErrors.policy_not_found({ policy_id: id })
  return found
}

type Terms = Omit<PolicyRow, 'id' | 'name' | 'archived_at' | 'created_at' | 'updated_at'>

const USUAL: Terms = {
  reason_id: null,
  category_id: null,
  priority: 0,
  is_returnable: true,
  window_days: null,
  label_paid_by: null,
  fee_ppm: null,
  fee_unit_amount: null,
  fee_currency: null,
}

async function termsIn(
  ctx: Context,
  input: Omit<CreatePolicy, 'name'>,
  known: Terms,
): Promise<Terms> {
  const { category_id, reason_code, restocking_fee_rate: rate } = input
  if (category_id) await findCategory(ctx, category_id)
  const reason_id = reason_code ? (await findReason(ctx, reason_code)).id : undefined
  return {
    reason_id: reason_code === null ? null : (reason_id ?? known.reason_id),
    category_id: category_id === undefined ? known.category_id : category_id,
    priority: input.priority ?? known.priority,
    is_returnable: input.is_returnable ?? known.is_returnable,
    window_days: input.window_days === undefined ? known.window_days : input.window_days,
    label_paid_by: input.label_paid_by === undefined ? known.label_paid_by : input.label_paid_by,
    fee_ppm:
      rate === undefined
        ? known.fee_ppm
        : rate === null
          ? null
          : parseRate(rate, 'restocking_fee_rate'),
    ...unitFeeIn(input, known),
  }
}

type UnitFee = Pick<Terms, 'fee_unit_amount' | 'fee_currency'>

function unitFeeIn(input: Omit<CreatePolicy, 'name'>, known: UnitFee): UnitFee {
  const { restocking_fee_per_unit: fee, fee_currency } = input
  if (fee === undefined && fee_currency === undefined) {
    return { fee_unit_amount: known.fee_unit_amount, fee_currency: known.fee_currency }
  }
  if (fee === null || fee === undefined || !fee_currency) {
    if (fee === null && !fee_currency) return { fee_unit_amount: null, fee_currency: null }
    throw invalidField('fee_currency', 'goes together with restocking_fee_per_unit')
  }
  const currency = parseCurrency(fee_currency)
  const amount = parseMoney(fee, currency, 'restocking_fee_per_unit')
  if (amount < 0) throw invalidField('restocking_fee_per_unit', 'must not be negative')
  return { fee_unit_amount: amount, fee_currency: currency }
}

async function answer(ctx: Context, row: PolicyRow): Promise<Policy> {
  const codes = await reasonsById(ctx, row.reason_id ? [row.reason_id] : [])
  return policyOf(row, codes)
}

function policyOf(row: PolicyRow, codes: ReadonlyMap<Id<'return_reason'>, string>): Policy {
  const { reason_id, fee_ppm, fee_unit_amount, fee_currency, archived_at: _, ...rest } = row
  return {
    ...rest,
    reason_code: reason_id === null ? null : (codes.get(reason_id) ?? null),
    restocking_fee_rate: fee_ppm === null ? null : formatRate(fee_ppm),
    restocking_fee_per_unit:
      fee_unit_amount === null || fee_currency === null
        ? null
        : formatMoney(fee_unit_amount, fee_currency),
    fee_currency,
  }
}
