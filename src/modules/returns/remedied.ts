import { type Static, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { Nullable } from '#kit/schemas'
import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'

export const RemediedClaim = Type.Object({
  id: IdSchema('warranty_claim'),
  claim_number: Type.String({ examples: ['WC-1000001'] }),
  remedy: Type.String({ examples: ['replace'] }),
})
export type RemediedClaim = Static<typeof RemediedClaim>

export const WarrantyClaims = Type.Array(RemediedClaim, {
  description: 'What was claimed under warranty and is remedied by it.',
})

/** The documents that a return belongs to. */
export const linksOfReturn = {
  exchange_id: Nullable(IdSchema('exchange')),
  claim_id: Nullable(IdSchema('claim')),
  warranty_claims: WarrantyClaims,
}

/** A claim under warranty and the return or exchange by which it was remedied. */
export type Remedied = RemediedClaim & {
  return_id: Id<'return'> | null
  exchange_id: Id<'exchange'> | null
}
type Documents = { returns: readonly Id<'return'>[]; exchanges: readonly Id<'exchange'>[] }

/**
 * Warranties stand above returns and name what remedies a claim; what is named tells so too, and
 * asks through this port, which `src/app.ts` connects: one statement.
 */
export type RemediedClaims = {
  remediedBy(ctx: Context, documents: Documents): Promise<Remedied[]>
}
export const remediedClaims = definePort<RemediedClaims>('remedied claims')

/** The claims that each of these documents remedies, as they are answered, by its id. */
export async function claimsRemediedBy(
  ctx: Context,
  documents: Partial<Documents>,
): Promise<(id: string) => RemediedClaim[]> {
  const found = await remediedClaims
    .of(ctx)
    .remediedBy(ctx, { returns: [], exchanges: [], ...documents })
  const byDocument = Map.groupBy(found, (one) => (one.exchange_id ?? one.return_id) as string)
  return (id) =>
    (byDocument.get(id) ?? []).map(({ id: claim, claim_number, remedy }) => ({
      id: claim,
      claim_number,
      remedy,
    }))
}
