import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import { knownProducts } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { warrantyErrors } from '../errors.ts'
import { db, type PlanRow } from '../tables.ts'
import type { GetPlan, ListPlanProducts, ListPlans, WarrantyPlan } from './schemas.ts'

const byId = prepared(db, (open, p: { id: Id<'warranty_plan'> }) =>
  open.selectFrom('warranty_plans').selectAll().where('id', '=', p.id),
)

/** A plan; throws `plan_not_found`. */
export async function findPlan(ctx: Context, id: Id<'warranty_plan'>): Promise<PlanRow> {
  const plan = await byId.first(ctx, { id })
  if (!plan) throw warrantyErrors.plan_not_found({ plan_id: id })
  return plan
}

const counts = prepared(db, (open, p: { plans: readonly string[] }, engine) =>
  open
    .selectFrom('warranty_plan_products')
    .select(['plan_id', sql<number>`count(*)`.as('products')])
    .where('plan_id', 'in', listOf(engine, p.plans, 'uuid'))
    .groupBy('plan_id'),
)

/** Plans as they are answered, with how many products have them; one statement for any number. */
export async function printPlans(ctx: Context, rows: readonly PlanRow[]): Promise<WarrantyPlan[]> {
  const found = rows.length > 0 ? await counts(ctx, { plans: rows.map(({ id }) => id) }) : []
  const products = new Map(found.map((row) => [row.plan_id, Number(row.products)]))
  return rows.map(({ code_key: _, ...plan }) => ({
    ...plan,
    products_count: products.get(plan.id) ?? 0,
  }))
}

export async function getPlan(ctx: Context, { id }: GetPlan): Promise<WarrantyPlan> {
  const [plan] = await printPlans(ctx, [await findPlan(ctx, id)])
  return plan as WarrantyPlan
}

/** Plans, newest first. */
export async function listPlans(ctx: Context, query: ListPlans): Promise<Page<WarrantyPlan>> {
  const { status, product_id } = query
  let rows = db(ctx).selectFrom('warranty_plans').selectAll()
  if (status) rows = rows.where('status', '=', status)
  if (product_id) {
    rows = rows.where('id', 'in', (eb) =>
      eb
        .selectFrom('warranty_plan_products')
        .select('plan_id')
        .where('product_id', '=', product_id),
    )
  }
  return pageById(ctx, query, {
    name: 'warranty plans',
    rows,
    tell: async (found) => {
      const told = new Map((await printPlans(ctx, found)).map((plan) => [plan.id, plan]))
      return found.map(({ id }) => told.get(id) as WarrantyPlan)
    },
  })
}

const PRODUCTS_SORT = 'products of a warranty plan'

/** The products that are sold with a plan. */
export async function listPlanProducts(ctx: Context, query: ListPlanProducts) {
  const { id } = await findPlan(ctx, query.id)
  const start = pageStart(query, PRODUCTS_SORT)
  const found = db(ctx).selectFrom('warranty_plan_products').where('plan_id', '=', id)
  const after = afterId<'product'>(start)
  const from = after ? found.where('product_id', '>', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('product_id')
    .limit(start.limit + 1)
    .execute()
  const names = await knownProducts(
    ctx,
    rows.map(({ product_id }) => product_id),
  )
  return pageOf({
    start,
    sort: PRODUCTS_SORT,
    rows,
    key: ({ product_id }) => [product_id],
    item: ({ product_id }) => ({ product_id, product_name: names.get(product_id) ?? '' }),
    total: await countUpTo(ctx, found),
  })
}

const plansOf = prepared(db, (open, p: { products: readonly string[] }, engine) =>
  open
    .selectFrom('warranty_plan_products as m')
    .innerJoin('warranty_plans as p', 'p.id', 'm.plan_id')
    .selectAll('p')
    .select('m.product_id')
    .where('m.product_id', 'in', listOf(engine, p.products, 'uuid'))
    .where('p.status', '=', 'active'),
)

/** The plans that these products are sold with, by product; one statement. */
export async function plansOfProducts(
  ctx: Context,
  products: readonly Id<'product'>[],
): Promise<Map<Id<'product'>, PlanRow>> {
  if (products.length === 0) return new Map()
  const rows = await plansOf(ctx, { products })
  return new Map(rows.map(({ product_id, ...plan }) => [product_id, plan]))
}
