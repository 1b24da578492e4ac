/** How an order stands with its money before some of its units leave it; minor units. */
export type Paid = {
  /** What is owed for it in all. */
  owed: number
  /** What was taken for it, also what went back since. */
  taken: number
  /** What of that is still here: not given back, nor on its way back, nor given as credit. */
  left: number
}

/**
 * What units that cost `leaving` take along of what was paid. Of an order that is paid they take
 * all that they cost, whatever went back for others; of one that is paid in part, their share of
 * what is left, rounded down. The rest stays, so the two together are what there was. Undefined
 * where more of it went back than would have to stay.
 */
export function paidShare({ owed, taken, left }: Paid, leaving: number): number | undefined {
  if (taken === 0 || leaving === 0) return 0
  if (taken < owed) return Number((BigInt(Math.max(0, left)) * BigInt(leaving)) / BigInt(owed))
  return leaving <= left ? leaving : undefined
}
