import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { type BegunRefund, findOrder, finishRefund, knownRefund } from '#modules/orders'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { requireVersion } from '#platform/versions'
import { type Due, dueFor, type HowPaid } from '../due.ts'
import { returnErrors } from '../errors.ts'
import { findReturn, type Locked, lockReturn, printRma, refuseShoppers } from '../find.ts'
import { returnLifecycle } from '../lifecycle.ts'
import { awaitedUnits, waitingUnits } from '../lines.ts'
import { beginPayback } from '../paying.ts'
import { linesNow } from '../receiving.ts'
import type {
  ProcessReturn,
  RefundedReturn,
  RefundReturn,
  ReturnRefundPreview,
} from '../schemas.ts'
import { answerReturn } from '../wire.ts'
import { restockUnits } from './restock-return.ts'

/**
 * Pays accepted units of a return back: their frozen share of what was paid, less fees, to the
 * payments of the order or as store credit. What is asked of providers is stored first, in one
 * transaction; a retry with the same key goes on with what it finds, and so does the sweeper.
 */
export async function refundReturn(
  ctx: ProcessContext,
  input: RefundReturn,
): Promise<RefundedReturn> {
  return payBack(ctx, input, async (_, locked) => {
    requirePayable(locked)
    return locked
  })
}

/**
 * Takes in all that is awaited, shelves it and pays it back, in one step: for shops that trust
 * their customers, or have the goods on the counter.
 */
export async function processReturn(
  ctx: ProcessContext,
  input: ProcessReturn,
): Promise<RefundedReturn> {
  return payBack(ctx, input, async (tx, locked) => {
    const lines = await linesNow(tx, locked)
    const open = lines.some((line) => awaitedUnits(line) + waitingUnits(line) > 0)
    requireOwn(locked)
    if (open) return restockUnits(tx, locked, { location: input.location })
    requirePayable(locked)
    return locked
  })
}

type Ready = (tx: Context, locked: Locked) => Promise<Locked>

async function payBack(
  ctx: ProcessContext,
  input: RefundReturn,
  ready: Ready,
): Promise<RefundedReturn> {
  refuseShoppers(ctx, 'refund a return')
  const begun = await ctx.transaction(async (tx): Promise<BegunRefund> => {
    const id = ctx.key as Id<'order_refund'>
    const locked = await lockReturn(tx, input.id)
    const known = await knownRefund(tx, id)
    if (known) return known
    requireVersion(tx, locked.row.version)
    const payable = await ready(tx, locked)
    const due = await dueFor(tx, payable, howPaid(payable, input))
    return beginPayback(tx, payable, { id, due, reason: input.reason ?? payable.row.reason })
  }, 'read committed')
  const refund = await finishRefund(ctx, begun)
  return ctx.read(async (tx) => {
    const row = await findReturn(tx, input.id)
    return { ...(await answerReturn(tx, row)), refund_id: refund.id }
  })
}

const howPaid = ({ row }: Locked, input: RefundReturn): HowPaid => {
  const wish = row.preferred_resolution === 'store_credit' ? 'store_credit' : 'original'
  return {
    credit: (input.to ?? wish) === 'store_credit' ? 'all' : undefined,
    include_shipping: input.include_shipping,
    fee: input.fee_amount,
  }
}

/** Money of an exchange or a claim is theirs to move. */
function requireOwn({ row }: Locked): void {
  const { exchange_id, claim_id, number } = row
  if (exchange_id === null && claim_id === null) return
  const document = exchange_id === null ? `claim ${claim_id}` : `exchange ${exchange_id}`
  throw returnErrors.of_a_document({ rma_number: printRma(number), document })
}

/** What has come in part may be paid in part. */
function requirePayable(locked: Locked): void {
  requireOwn(locked)
  const { status } = locked.row
  if (status !== 'PartiallyReceived') returnLifecycle.next(status, 'refund')
}

/** What a refund of the return would come to now; the same functions as the refund itself. */
export async function previewReturnRefund(
  ctx: Context,
  input: RefundReturn,
): Promise<ReturnRefundPreview> {
  refuseShoppers(ctx, 'refund a return')
  const row = await findReturn(ctx, input.id)
  const order = await findOrder(ctx, row.order_id)
  const due = await dueFor(ctx, { order, row }, howPaid({ order, row }, input))
  return previewOf({ order, row }, due)
}

function previewOf({ row }: Locked, { worth, plan, lines }: Due): ReturnRefundPreview {
  const money = (minor: number) => formatMoney(minor, row.currency)
  const skus = new Map<string, string>(lines.map(({ id, sku }) => [id, sku]))
  return {
    return_id: row.id,
    currency: row.currency,
    amount: money(plan.amount),
    items_amount: money(worth.items_amount),
    shipping_amount: money(plan.shipping_amount),
    restocking_fee_amount: money(worth.restocking_fee_amount),
    label_fee_amount: money(worth.label_fee_amount),
    fee_amount: money(worth.fee_amount),
    credit_amount: money(plan.credit_amount),
    items: worth.lines.map(({ key, quantity, amount, fee_amount }) => ({
      id: key as Id<'return_line'>,
      sku: skus.get(key) ?? '',
      quantity,
      amount: money(amount),
      fee_amount: money(fee_amount),
    })),
  }
}
