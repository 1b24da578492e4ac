import type { Module } from '#platform/module'
import { paymentErrors } from './errors.ts'
import { paymentEvents } from './events.ts'
import { handInEvidence } from './evidence/hand-in.ts'
import { paymentHealth } from './health.ts'
import { paymentInvariants } from './invariants.ts'
import {
  disputeLifecycle,
  evidenceLifecycle,
  paymentLifecycle,
  refundLifecycle,
  requestLifecycle,
  webhookLifecycle,
} from './lifecycle.ts'
import { lookAtPayment } from './look-at-payment.ts'
import { createPayments } from './migrations/2026-11-21-06-create-payments.ts'
import { findWebhooksOfPayments } from './migrations/2026-11-21-36-find-webhooks-of-payments.ts'
import { nameOrderRefunds } from './migrations/2026-11-21-50-name-order-refunds.ts'
import { payWithCredit } from './migrations/2026-11-21-89-pay-with-credit.ts'
import { keepDisputes } from './migrations/2026-11-22-01-keep-disputes.ts'
import { findHostedWebhooks } from './migrations/2026-11-22-02-find-hosted-webhooks.ts'
import { dividePaymentRows } from './migrations/2026-11-22-55-divide-payments.ts'
import { keepTheRest } from './migrations/2026-11-22-65-keep-the-rest.ts'
import { keepEvidence } from './migrations/2026-11-22-66-keep-evidence.ts'
import { operations } from './operations.ts'
import { paymentSweep, sendRequest } from './sweep.ts'
import { db } from './tables.ts'
import { webhookDoor } from './webhook/door.ts'
import { webhookPurge } from './webhook/purge.ts'

// What orders and checkouts, which stand above, provide and use.
export { type Adoption, adoptPayment, answerOfHosted, CHARGE_PHASES } from './adopt-payment.ts'
export { coveredAmount, heldAmount, paymentsOfOrder } from './books.ts'
export { CAPTURED_ONCE } from './commands/capture-payment.ts'
export { confirmPayment } from './commands/confirm-payment.ts'
export { type BegunPayment, beginPayment, pursuePayment } from './commands/create-payment.ts'
export type { DisputeNews, DisputeState } from './dispute-news.ts'
export { dividePayments } from './divide-payments.ts'
// What adapters of payment providers need.
export { paymentErrors } from './errors.ts'
export { paymentEvents } from './events.ts'
export type { EvidenceAnswer, EvidenceRequest } from './evidence/provider.ts'
export type {
  Hosted,
  HostedKind,
  HostedLine,
  HostedNews,
  HostedPayments,
  HostedRequest,
} from './hosted.ts'
export { createManualProvider } from './manual-provider.ts'
export { meansOf } from './means.ts'
export { movePayments } from './move-payments.ts'
export {
  type AskedRefund,
  askRefunds,
  finishRefunds,
  type RefundPart,
  refundableParts,
  refundedOf,
  refusalOfRefunds,
  spreadRefund,
  type TakenSums,
} from './order-refunds.ts'
export { ordersOfCharge } from './parts.ts'
export { type Payable, type PayableOrders, payableOrders } from './payable.ts'
export type { Commit } from './perform.ts'
export { paymentPersonalData } from './personal-data.ts'
export {
  type Acquirer,
  type ChargeRequest,
  type Fact,
  type FactOperation,
  type Listed,
  type LookUp,
  type Outcome,
  type PaymentProvider,
  type ProviderAnswer,
  type ProviderRequest,
  type Providers,
  paymentProviders,
  type WebhookDoor,
  type WebhookNews,
  type Window,
} from './provider.ts'
export { paidFor } from './queries.ts'
export { type Difference, type Reconciliation, reconcile } from './reconcile.ts'
export { reversePayments } from './reversals.ts'
export { sweepPayments } from './sweep.ts'
export type { PaymentRow } from './tables.ts'
export { type Telling, tellPayment } from './tell-payment.ts'
export { signatureOf } from './webhook/signature.ts'

// What this module adds to the house.
export const payments: Module = {
  name: 'payments',
  tables: db.tables,
  migrations: {
    '2026-11-21-06-create-payments': createPayments,
    '2026-11-21-36-find-webhooks-of-payments': findWebhooksOfPayments,
    '2026-11-21-50-name-order-refunds': nameOrderRefunds,
    '2026-11-21-89-pay-with-credit': payWithCredit,
    '2026-11-22-01-keep-disputes': keepDisputes,
    '2026-11-22-02-find-hosted-webhooks': findHostedWebhooks,
    '2026-11-22-55-divide-payments': dividePaymentRows,
    '2026-11-22-65-keep-the-rest': keepTheRest,
    '2026-11-22-66-keep-evidence': keepEvidence,
  },
  operations,
  errors: [paymentErrors],
  events: [paymentEvents],
  lifecycles: [
    paymentLifecycle,
    requestLifecycle,
    refundLifecycle,
    webhookLifecycle,
    disputeLifecycle,
    evidenceLifecycle,
  ],
  invariants: paymentInvariants,
  jobs: [sendRequest, lookAtPayment, handInEvidence],
  schedules: [paymentSweep, webhookPurge],
  plugins: [webhookDoor],
  health: { payments: paymentHealth },
}
