import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { emit } from '#platform/events'
import type { Job } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { paymentById } from '../books.ts'
import { findDispute, keepDispute } from '../disputes.ts'
import { paymentEvents } from '../events.ts'
import { paymentProviders } from '../provider.ts'
import type { DisputeRow, EvidenceRow } from '../tables.ts'
import type { EvidenceAnswer } from './provider.ts'
import { evidenceById, resolveEvidence } from './rows.ts'

export const HAND_IN = 'payments.hand_in_evidence'

/**
 * Hands stored evidence in, right after the commit that stored it. Where nobody knows whether it
 * arrived the job is tried again: the provider is asked under the same key.
 */
export const handInEvidence: Job = {
  name: HAND_IN,
  payload: Type.Object({ evidence_id: IdSchema('payment_evidence') }),
  attempts_max: 20,
  async run(ctx, payload) {
    const id = payload.evidence_id as EvidenceRow['id']
    const found = await ctx.read(async (tx) => {
      const evidence = await evidenceById.first(tx, { id })
      if (evidence?.state !== 'waiting') return undefined
      return { evidence, dispute: await findDispute(tx, evidence.dispute_id) }
    })
    if (!found) return
    const answer = await ask(ctx, found)
    await ctx.transaction((tx) => conclude(tx, found, answer), 'read committed')
  },
}

type Found = { evidence: EvidenceRow; dispute: DisputeRow }

async function ask(ctx: ProcessContext, { evidence, dispute }: Found): Promise<EvidenceAnswer> {
  const provider = paymentProviders.of(ctx).named(dispute.provider)
  if (!provider?.submitEvidence) {
    throw new Error(`disputes of ${dispute.provider} exist, but it is not set up`)
  }
  const { id: key, texts, is_final, contents } = evidence
  return provider.submitEvidence({
    key,
    dispute_ref: dispute.provider_ref,
    texts,
    files: evidence.files.map((file, nth) => ({
      ...file,
      content: Buffer.from(contents?.[nth] ?? '', 'base64'),
    })),
    is_final,
  })
}

async function conclude(ctx: Context, { evidence, dispute }: Found, answer: EvidenceAnswer) {
  const { payment_id, order_id, provider } = dispute
  await lockEntity(ctx, 'order', order_id)
  const { code = null, message = null } = answer.refused ?? {}
  const { affected } = await resolveEvidence.run(ctx, {
    id: evidence.id,
    state: answer.refused ? 'refused' : 'handed_in',
    failure_code: code,
    failure_message: message,
    resolved_at: ctx.now,
  })
  if (affected === 0) return
  const of = { dispute_id: dispute.id, evidence_id: evidence.id }
  const told = { ...of, payment_id, order_id, provider }
  if (answer.refused) {
    emit(ctx, paymentEvents.evidence_refused({ ...told, code, message }))
    return
  }
  emit(ctx, paymentEvents.evidence_submitted({ ...told, is_final: evidence.is_final }))
  const payment = await paymentById.first(ctx, { id: payment_id })
  if (payment) await keepDispute(ctx, payment, answer.dispute)
}
