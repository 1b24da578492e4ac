import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { warrantyErrors } from '../errors.ts'
import { warrantyClaimEvents } from '../events.ts'
import { warrantyClaimLifecycle } from '../lifecycle.ts'
import { staffOnly } from '../staff-only.ts'
import { coverageProblem } from './coverage.ts'
import type {
  AddEvidence,
  ApproveClaim,
  GetClaim,
  ReasonedClaim,
  RejectClaim,
  WarrantyClaim,
  WithdrawClaim,
} from './schemas.ts'
import { EVIDENCE_MAX } from './schemas.ts'
import { answerOf, countUnits, lockClaim, remediesOf, saveClaim, toldOf } from './store.ts'
import { requireClaimable } from './submit-claim.ts'

/** Accepts a claim, with the remedy that is meant. Throws `outside_coverage`. */
export async function approveClaim(ctx: Context, input: ApproveClaim): Promise<WarrantyClaim> {
  staffOnly(ctx, 'decide about a claim')
  const { claim: known, warranty } = await lockClaim(ctx, input.id)
  const status = warrantyClaimLifecycle.next(known.status, 'approve')
  const override_reason = input.override_reason ?? known.override_reason
  const problem = coverageProblem(warranty, { ...known, override_reason })
  if (problem) throw warrantyErrors.outside_coverage({ problem })
  const remedy = input.remedy ?? null
  const claim = await saveClaim(ctx, known, {
    status,
    override_reason,
    resolution: input.resolution,
    remedy,
    ...(input.notes !== undefined && { notes: input.notes }),
    decided_by: ctx.actor.id,
    decided_at: ctx.now,
  })
  const overridden = override_reason !== null
  emit(ctx, warrantyClaimEvents.approved({ ...toldOf(claim), remedy, overridden }))
  return answerOf(ctx, claim)
}

/** Does not accept a claim; its units can be claimed again. */
export async function rejectClaim(ctx: Context, input: RejectClaim): Promise<WarrantyClaim> {
  staffOnly(ctx, 'decide about a claim')
  const { claim: known, warranty } = await lockClaim(ctx, input.id)
  const status = warrantyClaimLifecycle.next(known.status, 'reject')
  const { reason } = input
  await countUnits(ctx, warranty, { claimed: -known.quantity })
  const claim = await saveClaim(ctx, known, {
    status,
    resolution: reason,
    ...(input.notes !== undefined && { notes: input.notes }),
    decided_by: ctx.actor.id,
    decided_at: ctx.now,
  })
  emit(ctx, warrantyClaimEvents.rejected({ ...toldOf(claim), reason }))
  return answerOf(ctx, claim)
}

/**
 * Takes a claim up again: after new evidence, or because a repair did not hold. Throws `settled`
 * where its units were replaced or paid for.
 */
export async function reopenClaim(
  ctx: Context,
  { id, reason }: ReasonedClaim,
): Promise<WarrantyClaim> {
  staffOnly(ctx, 'reopen a claim')
  const { claim: known, warranty } = await lockClaim(ctx, id)
  const status = warrantyClaimLifecycle.next(known.status, 'reopen')
  const settled = (await remediesOf(ctx, [id])).find(({ kind }) => kind !== 'repair')
  if (settled) throw warrantyErrors.settled({ remedy: settled.kind })
  requireClaimable(ctx, warranty)
  await countUnits(ctx, warranty, { claimed: known.quantity })
  const open = { status, resolution: null, remedy: null, decided_by: null, decided_at: null }
  const claim = await saveClaim(ctx, known, open)
  emit(ctx, warrantyClaimEvents.reopened({ ...toldOf(claim), reason }))
  return answerOf(ctx, claim)
}

/** Lets a claim go, as whose it is or for them. */
export async function withdrawClaim(
  ctx: Context,
  {
    id,
    reason = null as string | null,
  }: Omit<WithdrawClaim, 'reason'> & { reason?: string | null },
): Promise<WarrantyClaim> {
  const { claim: known, warranty } = await lockClaim(ctx, id)
  const status = warrantyClaimLifecycle.next(known.status, 'withdraw')
  await countUnits(ctx, warranty, { claimed: -known.quantity })
  const claim = await saveClaim(ctx, known, { status })
  emit(ctx, warrantyClaimEvents.withdrawn({ ...toldOf(claim), reason }))
  return answerOf(ctx, claim)
}

/** Ends a claim of which nothing more will come. */
export async function closeClaim(ctx: Context, { id }: GetClaim): Promise<WarrantyClaim> {
  staffOnly(ctx, 'close a claim')
  const { claim: known } = await lockClaim(ctx, id)
  const status = warrantyClaimLifecycle.next(known.status, 'close')
  const claim = await saveClaim(ctx, known, { status })
  emit(ctx, warrantyClaimEvents.closed(toldOf(claim)))
  return answerOf(ctx, claim)
}

/** Adds evidence to a claim that is not over. What was handed in stays. */
export async function addEvidence(
  ctx: Context,
  { id, evidence }: AddEvidence,
): Promise<WarrantyClaim> {
  const { claim: known } = await lockClaim(ctx, id)
  if (known.status === 'withdrawn' || known.status === 'closed') {
    warrantyClaimLifecycle.next(known.status, 'reopen')
  }
  const all = [...known.evidence, ...evidence]
  if (all.length > EVIDENCE_MAX) {
    throw invalidField('evidence', `would be more than ${EVIDENCE_MAX} pieces`)
  }
  const claim = await saveClaim(ctx, known, { evidence: all })
  emit(ctx, warrantyClaimEvents.evidence_added({ ...toldOf(claim), count: evidence.length }))
  return answerOf(ctx, claim)
}
