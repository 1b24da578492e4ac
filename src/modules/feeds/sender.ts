import { definePort } from '#platform/ports'
import type { FeedProduct } from './schemas.ts'

/** Thrown by a sender when the feed refused what was sent: asking again changes nothing. */
export class FeedRefused extends Error {
  override name = 'FeedRefused'
}

/** How products reach the feed that an agent keeps of us. */
export type FeedSender = {
  /**
   * Puts whole products in place of what the feed has under their ids; others stay. Throws
   * `FeedRefused` for a 400 or 422, and any error if nobody knows.
   */
  upsert(products: readonly FeedProduct[]): Promise<void>
}

export const feedSender = definePort<FeedSender>('agent feed')
