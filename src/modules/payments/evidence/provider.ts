import type { DisputeNews } from '../dispute-news.ts'
import type { EvidenceFile, Texts } from './schemas.ts'

/** What a provider is given of a dispute; `key` was stored before and is that of every try. */
export type EvidenceRequest = {
  key: string
  /** The provider's name of the dispute. */
  dispute_ref: string
  texts: Texts
  files: readonly (EvidenceFile & { content: Buffer })[]
  /** Whether the bank is given it now. */
  is_final: boolean
}

/** How the dispute stands now, or why nothing was taken. */
export type EvidenceAnswer =
  | { dispute: DisputeNews; refused?: undefined }
  | { refused: { code: string; message: string } }
