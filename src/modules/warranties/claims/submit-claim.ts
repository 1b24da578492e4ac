import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { lockWarranty } from '../coverage/store.ts'
import { warrantyErrors } from '../errors.ts'
import { warrantyClaimEvents } from '../events.ts'
import { warrantyLifecycle } from '../lifecycle.ts'
import { staffOnly } from '../staff-only.ts'
import { type ClaimRow, db, FIRST_NUMBER, type WarrantyRow } from '../tables.ts'
import { coverageProblem } from './coverage.ts'
import type { SubmitClaim, WarrantyClaim } from './schemas.ts'
import { answerOf, countUnits, findClaim, toldOf } from './store.ts'

const { number: _, ...KINDS } = db.kinds('warranty_claims')
type NewRow = Omit<ClaimRow, 'number'>
const insertClaims = insertEach<NewRow, unknown>(db as never, KINDS as never, {
  table: 'warranty_claims',
  values: (row, engine) => ({
    ...row,
    number: nextNumber(engine, 'warranty_claims', FIRST_NUMBER),
  }),
})

/**
 * Says that covered goods are broken. It must have broken within the coverage, or staff says why it
 * passes all the same; customers claim while it is active, staff also afterwards. Units that are
 * claimed already cannot be claimed twice. Throws `not_found`, `customer_differs`,
 * `outside_coverage`, `units_claimed`.
 */
export async function submitClaim(ctx: Context, input: SubmitClaim): Promise<WarrantyClaim> {
  if (input.override_reason !== undefined) staffOnly(ctx, 'pass what is not covered')
  const warranty = await lockWarranty(ctx, input.warranty_id)
  if (input.customer_id !== warranty.customer_id) throw warrantyErrors.customer_differs()
  requireClaimable(ctx, warranty)
  const row = claimRow(ctx, input, warranty)
  const problem = coverageProblem(warranty, row)
  if (problem) throw warrantyErrors.outside_coverage({ problem })
  await countUnits(ctx, warranty, { claimed: row.quantity })
  await insertClaims.run(ctx, { rows: [row] })
  const { incident_at, override_reason } = row
  const claim = await findClaim(ctx, row.id)
  const overridden = override_reason !== null
  emit(ctx, warrantyClaimEvents.submitted({ ...toldOf(claim), incident_at, overridden }))
  return answerOf(ctx, claim)
}

/** Refuses (409) unless it is active; staff may also claim late what broke in time. */
export function requireClaimable(ctx: Context, { status: state }: WarrantyRow): void {
  if (state === 'active' || (state === 'expired' && !ctx.actor.own_only)) return
  const open_moves = warrantyLifecycle.movesFrom(state)
  throw warrantyErrors.cannot_claim({ state, open_moves })
}

function claimRow(ctx: Context, input: SubmitClaim, warranty: WarrantyRow): NewRow {
  const incident_at = input.incident_at === undefined ? ctx.now : toInstant(input.incident_at)
  if (incident_at > ctx.now) throw invalidField('incident_at', 'must not be in the future')
  return {
    id: ctx.newId('warranty_claim'),
    warranty_id: warranty.id,
    product_id: warranty.product_id,
    customer_id: warranty.customer_id,
    quantity: input.quantity ?? 1,
    status: 'submitted',
    description: input.description,
    evidence: input.evidence ?? [],
    contact_email: input.contact_email ?? null,
    contact_phone: input.contact_phone ?? null,
    incident_at,
    preferred_remedy: input.preferred_remedy ?? null,
    override_reason: input.override_reason ?? null,
    resolution: null,
    notes: null,
    remedy: null,
    decided_by: null,
    decided_at: null,
    created_by: ctx.actor.id,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}
