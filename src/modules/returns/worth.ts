import { portion } from '#modules/pricing'

/** Accepted units of a line that are paid back now, and what was paid back of it before. */
export type WorthLine<K extends string = string> = {
  key: K
  /** Units that are paid back now, and their frozen share of what was paid; minor units. */
  quantity: number
  amount: number
  /** The terms of the restocking fee. */
  fee_ppm: number
  fee_unit_amount: number
  before: { quantity: number; amount: number }
}

/** The way back, as far as the customer owes it. */
export type WorthLabel = { amount: number; taken_amount: number }

export type Worth = {
  lines: { key: string; quantity: number; amount: number; fee_amount: number }[]
  items_amount: number
  restocking_fee_amount: number
  label_fee_amount: number
  fee_amount: number
  /** What is due: never below zero. */
  due_amount: number
}

/**
 * What returned units are worth to their buyer: the frozen share of what was paid, less the fees
 * that were agreed. Pure. The fee of a line is that of all its units so far, less that of those
 * before: so unit by unit comes to the same as at once, to the cent (I-42). A fee never exceeds the
 * share that it is taken from.
 */
export function worthOf(lines: readonly WorthLine[], label: WorthLabel): Worth {
  const told = lines.map((line) => {
    const { key, quantity, amount, before } = line
    const upTo = feeOf(line, before.quantity + quantity, before.amount + amount)
    const fee_amount = Math.min(amount, upTo - feeOf(line, before.quantity, before.amount))
    return { key, quantity, amount, fee_amount }
  })
  const items_amount = told.reduce((sum, { amount }) => sum + amount, 0)
  const restocking_fee_amount = told.reduce((sum, { fee_amount }) => sum + fee_amount, 0)
  const open = Math.max(0, label.amount - label.taken_amount)
  const label_fee_amount = Math.min(open, items_amount - restocking_fee_amount)
  const fee_amount = restocking_fee_amount + label_fee_amount
  const due_amount = items_amount - fee_amount
  const fees = { restocking_fee_amount, label_fee_amount, fee_amount }
  return { lines: told, items_amount, ...fees, due_amount }
}

/** The fee of so many units that were worth so much. */
const feeOf = (
  { fee_ppm, fee_unit_amount }: Pick<WorthLine, 'fee_ppm' | 'fee_unit_amount'>,
  quantity: number,
  amount: number,
): number => Math.min(amount, portion(amount, fee_ppm, 1_000_000) + fee_unit_amount * quantity)
