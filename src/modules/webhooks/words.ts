/** For whom an endpoint is: our own subscriptions, or the order events of a protocol. */
export const CHANNELS = ['webhook', 'acp', 'ucp'] as const
export type Channel = (typeof CHANNELS)[number]

/** How what is sent is signed. */
export const SIGNINGS = ['standard', 'acp', 'ucp'] as const
export type Signing = (typeof SIGNINGS)[number]

/** Another form of a way to sign: `hex` is ACP's signature as the structured dialect has it. */
export const SIGNATURE_FORMS = ['hex'] as const
export type SignatureForm = (typeof SIGNATURE_FORMS)[number]

export const PAUSE_REASONS = ['manual', 'failing', 'gone'] as const

/** Why there is a delivery. */
export const PURPOSES = ['event', 'queued', 'test', 'replay'] as const

export const REPLAY_KINDS = ['failed', 'range'] as const

/** The job that queues what is sent again. */
export const REPLAY_JOB = 'webhooks.replay'
