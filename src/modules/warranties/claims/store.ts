import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { requireVersion } from '#platform/versions'
import { lockWarranty, saveWarranty } from '../coverage/store.ts'
import { warrantyErrors } from '../errors.ts'
import { isForeign } from '../staff-only.ts'
import { type ClaimRow, db, type RemedyRow, type WarrantyRow } from '../tables.ts'
import { printClaim, type WarrantyClaim } from './schemas.ts'

const byId = prepared(db, (open, p: { id: Id<'warranty_claim'> }) =>
  open.selectFrom('warranty_claims').selectAll().where('id', '=', p.id),
)

/** A claim that the caller may see; throws `claim_not_found`. */
export async function findClaim(ctx: Context, id: Id<'warranty_claim'>): Promise<ClaimRow> {
  const row = await byId.first(ctx, { id })
  if (!row || isForeign(ctx, row)) throw warrantyErrors.claim_not_found({ claim_id: id })
  return row
}

const ofClaims = prepared(db, (open, p: { claims: readonly string[] }, engine) =>
  open
    .selectFrom('warranty_remedies')
    .selectAll()
    .where('claim_id', 'in', listOf(engine, p.claims, 'uuid'))
    .orderBy('id'),
)

/** What was done about these claims; one statement. */
export const remediesOf = (
  ctx: Context,
  claims: readonly Id<'warranty_claim'>[],
): Promise<RemedyRow[]> => (claims.length > 0 ? ofClaims(ctx, { claims }) : Promise.resolve([]))

/** A claim with its warranty, both under the warranty's lock. */
export type LockedClaim = { claim: ClaimRow; warranty: WarrantyRow }

/** A claim as it is once its warranty is locked; its version is what the caller means. */
export async function lockClaim(ctx: Context, id: Id<'warranty_claim'>): Promise<LockedClaim> {
  const before = await findClaim(ctx, id)
  const warranty = await lockWarranty(ctx, before.warranty_id)
  const claim = await findClaim(ctx, id)
  requireVersion(ctx, claim.version)
  return { claim, warranty }
}

/** Writes a claim as it is from now on; its warranty's lock is held. */
export async function saveClaim(
  ctx: Context,
  known: ClaimRow,
  change: Partial<ClaimRow>,
): Promise<ClaimRow> {
  const after = { ...known, ...change, version: known.version + 1, updated_at: ctx.now }
  await db(ctx)
    .updateTable('warranty_claims')
    .set({ ...change, version: after.version, updated_at: after.updated_at })
    .where('id', '=', known.id)
    .execute()
  return after
}

type Units = { claimed: number; ended?: number }

/** Counts units of a warranty into or out of open claims, and those that are settled for good. */
export async function countUnits(
  ctx: Context,
  warranty: WarrantyRow,
  { claimed, ended = 0 }: Units,
): Promise<WarrantyRow> {
  const { quantity, claimed_quantity, ended_quantity } = warranty
  const available = quantity - claimed_quantity - ended_quantity
  if (claimed > available) throw warrantyErrors.units_claimed({ available })
  return saveWarranty(ctx, warranty, {
    claimed_quantity: claimed_quantity + claimed,
    ended_quantity: ended_quantity + ended,
    ...(ended > 0 && ended_quantity + ended === quantity && { status: 'ended' }),
  })
}

/** A claim as it is answered, with what was done about it. */
export async function answerOf(ctx: Context, claim: ClaimRow): Promise<WarrantyClaim> {
  return printClaim(claim, await remediesOf(ctx, [claim.id]), !ctx.actor.own_only)
}

/** What events tell of a claim. */
export const toldOf = (claim: ClaimRow) => ({
  claim_id: claim.id,
  warranty_id: claim.warranty_id,
  product_id: claim.product_id,
  customer_id: claim.customer_id,
  quantity: claim.quantity,
})
