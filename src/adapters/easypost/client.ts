import type { Shipment } from './shapes.ts'
import type { Tracker } from './tracking.ts'

export type EasyPostOptions = { api_key: string; url: string; timeout_ms: number }

export type ScanForm = {
  id: string
  form_url: string | null
  status: string
  message: string | null
}

/** What is used of the official client, in the shapes of its documents. */
export type Client = {
  Shipment: {
    create(shipment: object): Promise<Shipment>
    retrieve(id: string): Promise<Shipment>
    buy(id: string, rate_id: string): Promise<Shipment>
    refund(id: string): Promise<Shipment>
  }
  Tracker: { create(tracker: { tracking_code: string }): Promise<Tracker> }
  ScanForm: { create(form: { shipments: readonly string[] }): Promise<ScanForm> }
}
type ClientClass = new (api_key: string, options: object) => Client

let loaded: Promise<ClientClass> | undefined

/** The official client. It is loaded when it is first needed: a server starts without it. */
export async function easyPostClient(options: EasyPostOptions): Promise<Client> {
  loaded ??= import('@easypost/api').then((module) => module.default as unknown as ClientClass)
  const { api_key, url, timeout_ms } = options
  const Official = await loaded
  return new Official(api_key, {
    baseUrl: url,
    timeout: timeout_ms,
    // The package takes a time limit and does not keep it, so each request is told.
    requestMiddleware: (request: { timeout(ms: number): unknown }) => request.timeout(timeout_ms),
  })
}

/** What EasyPost said no with; undefined if it is not known what happened. */
export function refusalOf(
  error: unknown,
): { code: string; message: string; status: number } | undefined {
  const { statusCode, code, message } = (error ?? {}) as {
    statusCode?: number
    code?: string
    message?: string
  }
  // A busy or broken server has decided nothing.
  const decided = statusCode !== undefined && statusCode >= 400 && statusCode < 500
  if (!decided || UNDECIDED.has(statusCode)) return undefined
  return {
    code: code ?? `HTTP_${statusCode}`,
    message: message?.trim() || `EasyPost answered ${statusCode}.`,
    status: statusCode,
  }
}
/** Timed out, too early, too many requests: asked again, the answer may be another. */
const UNDECIDED = new Set([401, 403, 408, 425, 429])
