import { command, query } from '#platform/operations'
import { warrantyErrors as errors } from '../errors.ts'
import { createPlan, setPlanProducts, updatePlan } from './change-plans.ts'
import { getPlan, listPlanProducts, listPlans } from './plans.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const isolation = 'read committed' as const

export const planOperations = [
  query('warranties.list_plans', {
    rest: 'GET /api/v1/warranties/plans',
    permission: 'warranties:read',
    summary: 'List warranty plans, newest first',
    input: of.ListPlans,
    output: of.WarrantyPlans,
    example: { status: 'active', limit: 20 },
    run: listPlans,
  }),
  query('warranties.get_plan', {
    rest: 'GET /api/v1/warranties/plans/:id',
    permission: 'warranties:read',
    summary: 'Read a warranty plan',
    input: of.GetPlan,
    output: of.WarrantyPlan,
    errors: [errors.plan_not_found],
    example: { id },
    run: getPlan,
  }),
  query('warranties.list_plan_products', {
    rest: 'GET /api/v1/warranties/plans/:id/products',
    permission: 'warranties:read',
    summary: 'List the products that are sold with a warranty plan',
    input: of.ListPlanProducts,
    output: of.PlanProducts,
    errors: [errors.plan_not_found],
    example: { id },
    run: listPlanProducts,
  }),
  command('warranties.create_plan', {
    rest: 'POST /api/v1/warranties/plans',
    permission: 'warranties:manage-plans',
    summary: 'Draw up a warranty plan',
    status: 201,
    isolation,
    input: of.CreatePlan,
    output: of.WarrantyPlan,
    errors: [errors.plan_code_taken],
    example: {
      code: 'two-years',
      name: 'Two years',
      terms: 'Faults of material and making. Not: wear, breakage, water.',
      term_months: 24,
      starts: 'delivery',
      transferable: true,
    },
    run: createPlan,
  }),
  command('warranties.update_plan', {
    rest: 'PUT /api/v1/warranties/plans/:id',
    aliases: ['PATCH /api/v1/warranties/plans/:id'],
    permission: 'warranties:manage-plans',
    summary: 'Change a warranty plan, or archive it',
    description: 'For what is sold from now on; coverage that is there stays as it was agreed.',
    isolation,
    input: of.UpdatePlan,
    output: of.WarrantyPlan,
    errors: [errors.plan_not_found],
    example: { id, term_months: 36 },
    run: updatePlan,
  }),
  command('warranties.set_plan_products', {
    rest: 'PUT /api/v1/warranties/plans/:id/products',
    permission: 'warranties:manage-plans',
    summary: 'Say which products are sold with a warranty plan',
    isolation,
    input: of.SetPlanProducts,
    output: of.WarrantyPlan,
    errors: [errors.plan_not_found, errors.plan_archived, errors.product_not_found],
    example: { id, product_ids: [] },
    run: setPlanProducts,
  }),
]
