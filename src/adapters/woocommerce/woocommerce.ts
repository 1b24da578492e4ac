import {
  namesWooShop,
  type WooCall,
  WooFault,
  WooRefusal,
  type WooStore,
} from '#modules/woocommerce'
import type { Settings } from '#platform/config/settings'

type Options = { url: string; key: string; secret: string; timeout_ms: number }

/** The WooCommerce shop of the settings; undefined if they name none. */
export function createWooStore(settings: Settings): WooStore | undefined {
  const { woocommerce_url, woocommerce_consumer_key: key, woocommerce_timeout_ms } = settings
  const secret = settings.woocommerce_consumer_secret
  if (!namesWooShop(settings)) return undefined
  const url = woocommerce_url.replace(/\/+$/, '')
  const options = { url, key, secret, timeout_ms: woocommerce_timeout_ms }
  return { url, timeout_ms: options.timeout_ms, call: (call) => ask(options, call) }
}

/** What is used of the official client. */
type Client = {
  get(path: string, query?: object): Promise<Answer>
  post(path: string, body: object, query?: object): Promise<Answer>
  put(path: string, body: object, query?: object): Promise<Answer>
}
type Answer = { data: unknown }
type ClientClass = new (options: object) => Client

let loaded: Promise<ClientClass> | undefined

/** The official client. It is loaded when it is first needed: a server starts without it. */
async function clientFor({ url, key, secret, timeout_ms }: Options): Promise<Client> {
  loaded ??= import('@woocommerce/woocommerce-rest-api').then(classIn)
  const Official = await loaded
  return new Official({
    url,
    consumerKey: key,
    consumerSecret: secret,
    version: 'wc/v3',
    timeout: timeout_ms,
    // A redirect would carry the key to wherever it points.
    axiosConfig: { maxRedirects: 0, maxContentLength: ANSWER_BYTES_MAX },
  })
}
const ANSWER_BYTES_MAX = 20_000_000

/** The package is CommonJS with a default of its own. */
const classIn = (module: object): ClientClass => {
  const outer = (module as { default: unknown }).default
  return ((outer as { default?: unknown }).default ?? outer) as ClientClass
}

async function ask(options: Options, { method, path, query = {}, body }: WooCall) {
  const client = await clientFor(options)
  let answer: Answer
  try {
    if (method === 'get') answer = await client.get(path, query)
    else answer = await client[method](path, body ?? {}, query)
  } catch (error) {
    throw readProblem(error)
  }
  // What is no JSON comes as the text it is: an error page, or the half of an answer.
  if (typeof answer.data === 'object' && answer.data !== null) return answer.data
  throw new WooFault('its answer is no JSON')
}

type Failure = {
  code?: string
  response?: { status?: number; data?: unknown; headers?: Record<string, unknown> }
}

/** What became of a call. The client's own error holds the key, so it goes no further. */
function readProblem(error: unknown): Error {
  const { code, response } = (error ?? {}) as Failure
  const status = response?.status
  if (status === undefined) return new WooFault(code ?? 'no answer')
  const said = (response?.data ?? {}) as { code?: unknown; message?: unknown }
  // A busy, broken or moving server has decided nothing.
  if (status >= 500 || status < 400 || UNDECIDED.has(status)) {
    return new WooFault(`it answered ${status}`, retryAfterMs(response?.headers))
  }
  const text = (value: unknown, other: string) => (typeof value === 'string' ? value : other)
  return new WooRefusal(status, text(said.code, 'refused'), text(said.message, 'no reason given'))
}
/** Timed out, too early, too many requests: asked again, the answer may be another. */
const UNDECIDED = new Set([408, 425, 429])
const PAUSE_MS_MAX = 60 * 60_000

function retryAfterMs(headers: Record<string, unknown> | undefined): number {
  const seconds = Number(headers?.['retry-after'])
  return seconds > 0 ? Math.min(seconds * 1000, PAUSE_MS_MAX) : 0
}
