import { hash } from 'node:crypto'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { enqueue } from '#platform/jobs'
import { invalidField } from '#platform/operations'
import { refuseCustomers } from '../commands/refuse-customers.ts'
import { findDispute } from '../disputes.ts'
import { paymentErrors } from '../errors.ts'
import { paymentProviders } from '../provider.ts'
import type { DisputeRow, EvidenceRow } from '../tables.ts'
import { HAND_IN } from './hand-in.ts'
import { evidenceOf, insertEvidence, printEvidence } from './rows.ts'
import { type Evidence, FILES_MAX_BYTES, type SubmitEvidence, TEXTS_MAX } from './schemas.ts'

/**
 * Keeps what the shop answers to a dispute, and has it handed in right after the commit; texts and
 * files are kept before the provider is asked, so none is lost. Throws `dispute_not_found`,
 * `evidence_not_wanted`, `evidence_too_late`, `evidence_waits`, `takes_no_evidence`, `staff_only`.
 */
export async function submitEvidence(ctx: Context, input: SubmitEvidence): Promise<Evidence> {
  refuseCustomers(ctx, 'answer a dispute')
  const before = await findDispute(ctx, input.id)
  await lockEntity(ctx, 'order', before.order_id)
  const dispute = await findDispute(ctx, input.id)
  await requireWanted(ctx, dispute)
  const row = evidenceRow(ctx, dispute, input)
  await insertEvidence(ctx, { rows: [row] })
  await enqueue(ctx, { name: HAND_IN }, { payload: { evidence_id: row.id } })
  return printEvidence(row)
}

async function requireWanted(ctx: Context, dispute: DisputeRow): Promise<void> {
  const { id: dispute_id, status, evidence_due_at: due_at, provider } = dispute
  if (status !== 'needs_response') throw paymentErrors.evidence_not_wanted({ dispute_id, status })
  if (due_at !== null && due_at <= ctx.now) {
    throw paymentErrors.evidence_too_late({ dispute_id, due_at })
  }
  if (!paymentProviders.of(ctx).named(provider)?.submitEvidence) {
    throw paymentErrors.takes_no_evidence({ provider })
  }
  const [newest] = await evidenceOf(ctx, { dispute_id })
  if (newest?.state === 'waiting') throw paymentErrors.evidence_waits({ evidence_id: newest.id })
}

function evidenceRow(ctx: Context, { id: dispute_id }: DisputeRow, input: SubmitEvidence) {
  const { texts = {}, files = [], is_final = true } = input
  const words = Object.values(texts).reduce((sum, text) => sum + (text?.length ?? 0), 0)
  if (words > TEXTS_MAX) throw invalidField('texts', `must have at most ${TEXTS_MAX} characters`)
  if (words === 0 && files.length === 0) throw invalidField('texts', 'or files must be told')
  if (new Set(files.map(({ kind }) => kind)).size < files.length) {
    throw invalidField('files', 'must be one of each kind')
  }
  const contents = files.map(({ content }) => Buffer.from(content, 'base64'))
  const size = contents.reduce((sum, { length }) => sum + length, 0)
  if (size > FILES_MAX_BYTES) {
    throw invalidField('files', `must have at most ${FILES_MAX_BYTES} bytes together`)
  }
  const row: EvidenceRow = {
    id: ctx.newId('payment_evidence'),
    dispute_id,
    texts,
    files: files.map(({ kind, name, content_type }, nth) => {
      const content = contents[nth] as Buffer
      const sha256 = hash('sha256', content, 'hex')
      return { kind, name, content_type, size_bytes: content.length, sha256 }
    }),
    contents: files.map(({ content }) => content),
    is_final,
    state: 'waiting',
    failure_code: null,
    failure_message: null,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    resolved_at: null,
  }
  return row
}
