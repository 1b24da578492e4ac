import type { ClaimRow, WarrantyRow } from '../tables.ts'

type Asked = Pick<ClaimRow, 'incident_at'> & { override_reason: string | null }

/**
 * Why something that broke at this instant is outside the coverage; undefined if it is inside, or
 * somebody said why it passes all the same (I-45).
 */
export function coverageProblem(
  { start_at, end_at }: Pick<WarrantyRow, 'start_at' | 'end_at'>,
  { incident_at, override_reason }: Asked,
): string | undefined {
  if (override_reason !== null) return undefined
  if (start_at === null || incident_at < start_at) return 'it broke before the coverage began'
  if (end_at === null || incident_at >= end_at) return 'it broke after the coverage had ended'
  return undefined
}
