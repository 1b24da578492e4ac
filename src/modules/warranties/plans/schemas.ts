import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { LongText, Text } from '#kit/schemas'
import { PLAN_STATUSES, STARTS } from '../lifecycle.ts'
import { db } from '../tables.ts'

/** Fifty years: beyond that it is for life. */
export const MONTHS_MAX = 600
export const PRODUCTS_MAX = 1_000

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))
const plan = db.tables.warranty_plans.properties
const id = IdSchema('warranty_plan')

export const WarrantyPlan = Type.Object({
  id,
  code: plan.code,
  name: plan.name,
  terms: plan.terms,
  term_months: plan.term_months,
  starts: plan.starts,
  activate_within_days: plan.activate_within_days,
  transferable: plan.transferable,
  status: plan.status,
  products_count: Type.Integer({ description: 'Products that are sold with it.' }),
  version: plan.version,
  created_at: plan.created_at,
  updated_at: plan.updated_at,
})
export type WarrantyPlan = Static<typeof WarrantyPlan>
export const WarrantyPlans = PageOf(WarrantyPlan)

const Months = Type.Integer({ minimum: 1, maximum: MONTHS_MAX })
const members = {
  name: Text(200),
  terms: LongText(10_000, { description: 'What is covered, and what not.' }),
  term_months: Months,
}
const optional = {
  starts: Type.Optional(
    Type.Unsafe<(typeof STARTS)[number]>({
      ...word(STARTS),
      default: 'delivery',
      description: 'When the goods arrive, or when their holder activates it.',
    }),
  ),
  activate_within_days: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: 3650 }), Type.Null()], {
      description: 'Days after delivery, after which it begins by itself.',
    }),
  ),
  transferable: Type.Optional(Type.Boolean({ default: false })),
}

export const CreatePlan = Type.Object({ code: Text(60), ...members, ...optional })
export type CreatePlan = Static<typeof CreatePlan>

export const UpdatePlan = Type.Object({
  id,
  name: Type.Optional(members.name),
  terms: Type.Optional(members.terms),
  term_months: Type.Optional(Months),
  ...optional,
  status: Type.Optional(word(PLAN_STATUSES)),
})
export type UpdatePlan = Static<typeof UpdatePlan>

export const GetPlan = Type.Object({ id })
export type GetPlan = Static<typeof GetPlan>

export const ListPlans = Type.Object({
  ...pageQuery,
  status: Type.Optional(word(PLAN_STATUSES)),
  product_id: Type.Optional(IdSchema('product')),
})
export type ListPlans = Static<typeof ListPlans>

export const SetPlanProducts = Type.Object({
  id,
  product_ids: Type.Array(IdSchema('product'), {
    maxItems: PRODUCTS_MAX,
    uniqueItems: true,
    description: 'All products that are sold with it; one that had another plan has this one now.',
  }),
})
export type SetPlanProducts = Static<typeof SetPlanProducts>

export const ListPlanProducts = Type.Object({ id, ...pageQuery })
export type ListPlanProducts = Static<typeof ListPlanProducts>
export const PlanProducts = PageOf(
  Type.Object({ product_id: IdSchema('product'), product_name: Type.String() }),
)
