import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { formatRate } from '#modules/tax'
import type { Context } from '#platform/context'
import { linesOfReturns, printRma } from './find.ts'
import { reasonsById } from './reasons/queries.ts'
import { type Paid, paidOf } from './refunds.ts'
import { claimsRemediedBy, type RemediedClaim } from './remedied.ts'
import type { Return } from './schemas.ts'
import type { LineRow, ReturnRow } from './tables.ts'

/** Returns as they are answered, in the order given: a fixed number of statements. */
export async function printReturns(ctx: Context, rows: readonly ReturnRow[]): Promise<Return[]> {
  if (rows.length === 0) return []
  const returns = rows.map(({ id }) => id)
  const [lines, paid, claimsOf] = await Promise.all([
    linesOfReturns(ctx, { returns }),
    paidOf(ctx, returns),
    claimsRemediedBy(ctx, { returns }),
  ])
  const named = [...rows, ...lines].flatMap(({ reason_id }) => reason_id ?? [])
  const codes = await reasonsById(ctx, named)
  const linesBy = Map.groupBy(lines, ({ return_id }) => return_id)
  return rows.map((row) =>
    printReturn(row, {
      lines: linesBy.get(row.id) ?? [],
      paid: paid.get(row.id),
      claims: claimsOf(row.id),
      codes,
    }),
  )
}

/** One return as it is answered. */
export async function answerReturn(ctx: Context, row: ReturnRow): Promise<Return> {
  const [answer] = await printReturns(ctx, [row])
  return answer as Return
}

type Details = {
  lines: readonly LineRow[]
  paid: Paid | undefined
  claims: RemediedClaim[]
  codes: ReadonlyMap<Id<'return_reason'>, string>
}

function printReturn(row: ReturnRow, { lines, paid, claims, codes }: Details): Return {
  const { id, number, currency } = row
  const money = (minor: number) => formatMoney(minor, currency)
  const codeOf = (reason_id: ReturnRow['reason_id']) =>
    reason_id === null ? null : (codes.get(reason_id) ?? null)
  return {
    id,
    rma_number: printRma(number),
    order_id: row.order_id,
    customer_id: row.customer_id,
    status: row.status,
    status_reason: row.status_reason,
    reason: row.reason,
    reason_code: codeOf(row.reason_id),
    customer_notes: row.customer_notes,
    preferred_resolution: row.preferred_resolution,
    override_reason: row.override_reason,
    items: lines.map((line) => ({
      ...printLine(line),
      refunded_quantity: paid?.units.get(line.id) ?? 0,
      reason_code: codeOf(line.reason_id),
      restocking_fee_per_unit: money(line.fee_unit_amount),
    })),
    currency,
    refund_status: paid?.status ?? 'none',
    refund_amount: money(paid?.amount ?? 0),
    fee_amount: money(paid?.fee_amount ?? 0),
    label: {
      paid_by: row.label_paid_by,
      amount: money(row.label_amount),
      url: row.label_url,
      carrier: row.carrier,
      tracking_number: row.tracking_number,
    },
    exchange_id: row.exchange_id,
    claim_id: row.claim_id,
    warranty_claims: claims,
    version: row.version,
    approved_at: row.approved_at,
    received_at: row.received_at,
    closed_at: row.closed_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

const printLine = (line: LineRow) => ({
  id: line.id,
  order_item_id: line.order_line_id,
  product_id: line.product_id,
  sku: line.sku,
  product_name: line.name,
  quantity: line.quantity,
  received_quantity: line.received_quantity,
  over_received_quantity: line.over_quantity,
  restocked_quantity: line.restocked_quantity,
  quarantined_quantity: line.quarantined_quantity,
  scrapped_quantity: line.scrapped_quantity,
  sent_back_quantity: line.sent_back_quantity,
  accepted_quantity: line.accepted_quantity,
  reason: line.reason,
  condition: line.reported_condition,
  restocking_fee_rate: formatRate(line.fee_ppm),
})
