import type { Context } from '#platform/context'

type Check = (ctx: Context) => Promise<readonly object[]>
/** A claim about stored data, and the query for the rows that say otherwise. */
export type Invariant = { claim: string; violations: Check }

/** Declares what is always true of a module's data, as queries for the rows that say otherwise. */
export const defineInvariants = (module: string, checks: Record<string, Check>): Invariant[] =>
  Object.entries(checks).map(([claim, violations]) => ({
    claim: `${module}: ${claim}`,
    violations,
  }))

/**
 * Runs every invariant on one snapshot; a line for each violation, at most `most` for each claim.
 */
export async function findViolations(
  ctx: Context,
  invariants: readonly Invariant[],
  most = 20,
): Promise<string[]> {
  const found: string[] = []
  for (const { claim, violations } of invariants) {
    const rows = await violations(ctx)
    for (const row of rows.slice(0, most)) found.push(`${claim}: ${JSON.stringify(row)}`)
    if (rows.length > most) found.push(`${claim}: and ${rows.length - most} more`)
  }
  return found
}
