import { sql } from 'kysely'
import { knownProducts } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { lockEntity } from '#platform/database/entity-lock'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { warrantyErrors } from '../errors.ts'
import { warrantyPlanEvents } from '../events.ts'
import { db, type PlanRow } from '../tables.ts'
import { findPlan, getPlan } from './plans.ts'
import type { CreatePlan, SetPlanProducts, UpdatePlan, WarrantyPlan } from './schemas.ts'

const insertPlans = insertEach<PlanRow, unknown>(db as never, db.kinds('warranty_plans') as never, {
  table: 'warranty_plans',
  values: (row) => row,
  onConflict: sql`on conflict do nothing`,
})

/** Draws up a plan. Throws `plan_code_taken`. */
export async function createPlan(ctx: Context, input: CreatePlan): Promise<WarrantyPlan> {
  const { code, name, terms, term_months, starts = 'delivery', transferable = false } = input
  const row: PlanRow = {
    id: ctx.newId('warranty_plan'),
    code,
    code_key: code.trim().normalize('NFKC').toLowerCase(),
    name,
    terms,
    term_months,
    starts,
    activate_within_days: input.activate_within_days ?? null,
    transferable,
    status: 'active',
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  requireActivation(row)
  const { affected } = await insertPlans.run(ctx, { rows: [row] })
  if (affected === 0) throw warrantyErrors.plan_code_taken({ code })
  emit(ctx, warrantyPlanEvents.created({ plan_id: row.id, code }))
  return getPlan(ctx, row)
}

/** Changes a plan for what is sold from now on: coverage that is there stays as it was agreed. */
export async function updatePlan(
  ctx: Context,
  { id, ...change }: UpdatePlan,
): Promise<WarrantyPlan> {
  await lockEntity(ctx, 'warranty_plan', id)
  const plan = await findPlan(ctx, id)
  requireVersion(ctx, plan.version)
  const after = { ...plan, ...change, version: plan.version + 1, updated_at: ctx.now }
  requireActivation(after)
  await db(ctx).updateTable('warranty_plans').set(after).where('id', '=', id).execute()
  emit(ctx, warrantyPlanEvents.changed({ plan_id: id, code: plan.code }))
  return getPlan(ctx, { id })
}

function requireActivation({ starts, activate_within_days }: PlanRow): void {
  if (starts === 'activation' || activate_within_days === null) return
  throw invalidField('activate_within_days', 'is only for a plan that starts at activation')
}

type Mapped = { product_id: string; plan_id: string }
const mapProducts = insertEach<Mapped, unknown>(
  db as never,
  { product_id: 'uuid', plan_id: 'uuid' },
  {
    table: 'warranty_plan_products',
    values: (row) => row,
    onConflict: sql`on conflict (product_id) do update set plan_id = excluded.plan_id`,
  },
)

/**
 * Says which products are sold with a plan, in place of those that were. Throws `plan_archived`,
 * `product_not_found`.
 */
export async function setPlanProducts(
  ctx: Context,
  { id, product_ids }: SetPlanProducts,
): Promise<WarrantyPlan> {
  await lockEntity(ctx, 'warranty_plan', id)
  const plan = await findPlan(ctx, id)
  requireVersion(ctx, plan.version)
  if (plan.status === 'archived') throw warrantyErrors.plan_archived({ plan_id: id })
  const known = await knownProducts(ctx, product_ids)
  const unknown = product_ids.find((product_id) => !known.has(product_id))
  if (unknown) throw warrantyErrors.product_not_found({ product_id: unknown })
  await db(ctx).deleteFrom('warranty_plan_products').where('plan_id', '=', id).execute()
  const rows = product_ids.toSorted().map((product_id) => ({ product_id, plan_id: id }))
  if (rows.length > 0) await mapProducts.run(ctx, { rows })
  const change = { version: plan.version + 1, updated_at: ctx.now }
  await db(ctx).updateTable('warranty_plans').set(change).where('id', '=', id).execute()
  emit(ctx, warrantyPlanEvents.changed({ plan_id: id, code: plan.code }))
  return getPlan(ctx, { id })
}
