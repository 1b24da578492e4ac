import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { db, type EvidenceRow } from '../tables.ts'
import type { Evidence } from './schemas.ts'

/** The newest are all that anybody reads: a bank looks at evidence once. */
const SHOWN_MAX = 50

export const insertEvidence = insertRows(db, 'payment_evidence')

export const evidenceById = prepared(db, (open, p: { id: EvidenceRow['id'] }) =>
  open.selectFrom('payment_evidence').selectAll().where('id', '=', p.id),
)

/** What was answered to a dispute, newest first. */
export const evidenceOf = prepared(db, (open, p: { dispute_id: EvidenceRow['dispute_id'] }) =>
  open
    .selectFrom('payment_evidence')
    .selectAll()
    .where('dispute_id', '=', p.dispute_id)
    .orderBy('id', 'desc')
    .limit(SHOWN_MAX),
)

type Resolved = Pick<
  EvidenceRow,
  'id' | 'state' | 'failure_code' | 'failure_message' | 'resolved_at'
>

/** What became of it, once; with that the files themselves are the provider's to keep. */
export const resolveEvidence = prepared(db, (open, p: Resolved) =>
  open
    .updateTable('payment_evidence')
    .set({
      state: p.state,
      failure_code: p.failure_code,
      failure_message: p.failure_message,
      resolved_at: p.resolved_at,
      contents: null,
    })
    .where('id', '=', p.id)
    .where('state', '=', 'waiting'),
)

export const printEvidence = (row: EvidenceRow): Evidence => ({
  id: row.id,
  dispute_id: row.dispute_id,
  state: row.state,
  texts: row.texts,
  files: row.files,
  is_final: row.is_final,
  failure_code: row.failure_code,
  failure_message: row.failure_message,
  created_at: row.created_at,
  resolved_at: row.resolved_at,
})
