import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { lockShipment } from '../find.ts'
import { carrierNamed, withinTime } from './call.ts'
import type { BoughtLabel, BuyAnswer, VoidAnswer } from './carriers.ts'
import { callOf, later, nextLook, storeLabel } from './rows.ts'
import { loseLabel, settleLabel } from './settle-label.ts'
import type { LabelRow } from './tables.ts'
import { tellVoided } from './tell-voided.ts'

/**
 * Asks the carrier for the label that a row says, and writes its answer down. When the call breaks
 * off nobody knows what happened: the row says so, and the sweeper finds out.
 */
export async function buyLabel(ctx: ProcessContext, label: LabelRow): Promise<LabelRow> {
  const carrier = carrierNamed(ctx, label.carrier)
  let answer: BuyAnswer
  try {
    answer = await withinTime(carrier, carrier.buy(ctx, callOf(label)))
  } catch (error) {
    ctx.log.warn({ err: error, label_id: label.id }, 'the outcome of buying a label is unknown')
    return inTransaction(ctx, (tx) => loseLabel(tx, label))
  }
  return inTransaction(ctx, (tx) => settleLabel(tx, label, answer))
}

/**
 * Finds out what became of a label whose outcome is open. One that was sold is written down. One
 * that was not is bought again while it is wanted, which the carrier's quote makes safe; else it
 * has failed once it is too old to be still coming.
 */
export async function resolveLabel(
  ctx: ProcessContext,
  label: LabelRow,
  wanted: boolean,
): Promise<LabelRow> {
  const carrier = carrierNamed(ctx, label.carrier)
  let found: BoughtLabel | undefined
  try {
    found = await withinTime(carrier, carrier.lookUp(ctx, callOf(label)))
  } catch (error) {
    ctx.log.warn({ err: error, label_id: label.id }, 'a label could not be looked up')
    return inTransaction(ctx, (tx) => loseLabel(tx, label))
  }
  const sold = found
  if (sold) {
    return inTransaction(ctx, (tx) => settleLabel(tx, label, { outcome: 'bought', label: sold }))
  }
  if (wanted) return buyLabel(ctx, label)
  return inTransaction(ctx, async (tx) => {
    const tooYoung = later(tx, -UNTRACED_MS) < label.created_at
    if (tooYoung) return loseLabel(tx, label)
    const message = 'the carrier never received it.'
    return settleLabel(tx, label, { outcome: 'refused', code: 'not_executed', message })
  })
}

/** After this long without a trace a purchase was never and will never be made. */
const UNTRACED_MS = 15 * 60 * 1000

/** Gives a label back. The carrier may refuse, and then it stays bought, with the reason why. */
export async function voidLabel(ctx: ProcessContext, label: LabelRow): Promise<void> {
  const carrier = carrierNamed(ctx, label.carrier)
  let answer: VoidAnswer
  try {
    answer = await withinTime(carrier, carrier.void(ctx, callOf(label)))
  } catch (error) {
    ctx.log.warn({ err: error, label_id: label.id }, 'a label could not be given back yet')
    await inTransaction(ctx, async (tx) => {
      const attempts = label.attempts + 1
      await storeLabel(tx, label, { attempts, check_at: nextLook(tx, label.attempts) })
    })
    return
  }
  await inTransaction(ctx, (tx) => settleVoid(tx, label, answer))
}

async function settleVoid(ctx: Context, label: LabelRow, answer: VoidAnswer): Promise<void> {
  // The order before its labels, as everywhere.
  const locked = label.shipment_id ? await lockShipment(ctx, label.shipment_id) : undefined
  if (answer.outcome === 'refused') {
    const { code: failure_code, message: failure_message } = answer
    await storeLabel(ctx, label, { state: 'bought', failure_code, failure_message })
    return
  }
  const { refund_status } = answer
  const changed = { state: 'voided' as const, voided_at: ctx.now, refund_status }
  const stored = await storeLabel(ctx, label, changed)
  if (stored && locked) await tellVoided(ctx, locked.shipment, label)
}

const inTransaction = <T>(ctx: ProcessContext, body: (tx: Context) => Promise<T>) =>
  ctx.transaction(body, 'read committed')
