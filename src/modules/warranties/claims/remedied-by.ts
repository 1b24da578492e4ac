import type { Id } from '#kit/ids'
import type { Remedied } from '#modules/returns'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db, printClaimNumber } from '../tables.ts'

type Named = { returns: readonly string[]; exchanges: readonly string[] }

const named = (column: 'return_id' | 'exchange_id', ids: keyof Named) =>
  prepared(db, (open, p: Named, engine) =>
    open
      .selectFrom('warranty_remedies as r')
      .innerJoin('warranty_claims as c', 'c.id', 'r.claim_id')
      .select(['c.id', 'c.number', 'r.kind', 'r.return_id', 'r.exchange_id'])
      .where(isOneOf(engine, `r.${column}`, { values: p[ids], kind: 'uuid' }))
      .orderBy('r.id'),
  )
const byReturn = named('return_id', 'returns')
const byExchange = named('exchange_id', 'exchanges')

/** The claims that were remedied by these returns and exchanges. */
export async function remediedBy(
  ctx: Context,
  documents: { returns: readonly Id<'return'>[]; exchanges: readonly Id<'exchange'>[] },
): Promise<Remedied[]> {
  const none = Promise.resolve([])
  const found = await Promise.all([
    documents.returns.length > 0 ? byReturn(ctx, documents) : none,
    documents.exchanges.length > 0 ? byExchange(ctx, documents) : none,
  ])
  return found.flat().map(({ id, number, kind, return_id, exchange_id }) => ({
    id,
    claim_number: printClaimNumber(number),
    remedy: kind,
    return_id,
    exchange_id,
  }))
}
