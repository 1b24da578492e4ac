/** Names in the metadata of Stripe's objects by which news find what they are about. */

/** The key of the request of ours that made an intent or a refund. */
export const OUR_REQUEST = 'tradepost_request'
/** The key of the newest capture of an intent. */
export const OUR_CAPTURE = 'tradepost_capture'
/** The key of the newest evidence that was handed in to a dispute. */
export const OUR_EVIDENCE = 'tradepost_evidence'
/** That an intent or session is for a payer who pays at Stripe; its value is its kind. */
export const OUR_HOSTED = 'tradepost_hosted'

const OURS = 'tradepost_'

/** What whoever opened it had put there. */
export const othersOf = (metadata: Record<string, string> | null): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata ?? {}).filter(([name]) => !name.startsWith(OURS)))
