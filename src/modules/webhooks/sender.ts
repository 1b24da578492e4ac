import { definePort } from '#platform/ports'

/** One request that goes out. */
export type Outgoing = {
  url: string
  headers: Record<string, string>
  body: string
  timeout_ms: number
  /** Whether addresses that are not of the open internet are allowed. */
  allow_private: boolean
  /** Ends it: the house is closing. */
  signal: AbortSignal
}

/** What came back. A receiver that cannot be reached, or must not be, is an error instead. */
export type Received =
  | { ok: true; status: number; headers: Record<string, string>; body: string }
  | { ok: false; error: string; aborted: boolean }

/** Who sends webhooks: it never throws, follows no redirects, and reads no more than a little. */
export type WebhookSender = { send(request: Outgoing): Promise<Received> }

export const webhookSender = definePort<WebhookSender>('webhook sender')

/** Every event that there is, for those who choose among them. */
export type EventName = { name: string; version: number; description: string }
export const eventNames = definePort<readonly EventName[]>('event names')
