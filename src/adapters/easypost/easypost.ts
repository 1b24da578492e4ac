import {
  type BoughtLabel,
  type BuyAnswer,
  type Carrier,
  type CarrierWebhook,
  type LabelCall,
  type ManifestAnswer,
  type ManifestCall,
  type Paper,
  shipmentErrors,
  type VoidAnswer,
  type WebhookHeaders,
} from '#modules/shipments'
import {
  type Client,
  type EasyPostOptions,
  easyPostClient,
  refusalOf,
  type ScanForm,
} from './client.ts'
import { labelFrom, rateFrom, type Shipment, shipmentFor } from './shapes.ts'
import { checkSignature } from './signature.ts'
import { newsOf, type Tracker } from './tracking.ts'

export const EASYPOST = 'easypost'
type Options = EasyPostOptions & { webhook_secret: string }

/**
 * UPS, FedEx, USPS, DHL and many more through EasyPost. A quote is a shipment there, and a label is
 * bought of that shipment, which can be done once: whoever asks again, after whatever crash, gets
 * the label that was bought.
 */
export const createEasyPost = (options: Options): Carrier => ({
  name: EASYPOST,
  // A purchase is up to three requests.
  timeout_ms: options.timeout_ms * 3,
  async quote(_ctx, key, order) {
    const client = await easyPostClient(options)
    const made = await client.Shipment.create(shipmentFor(key, order))
    const problems = made.messages.map(({ carrier, message }) => {
      return `${carrier ?? 'EasyPost'}: ${typeof message === 'string' ? message : JSON.stringify(message)}`
    })
    return {
      ref: made.id,
      rates: made.rates.map((rate) => rateFrom(rate, order.asked_at)),
      problems,
    }
  },
  buy: (_ctx, call) => buy(options, call),
  lookUp: (_ctx, call) => lookUp(options, call),
  void: (_ctx, call) => refund(options, call),
  async track(_ctx, { tracking_number, carrier_ref }) {
    const client = await easyPostClient(options)
    const shipment = carrier_ref ? await client.Shipment.retrieve(carrier_ref) : undefined
    const tracked = { tracking_code: tracking_number }
    return newsOf(shipment?.tracker ?? (await client.Tracker.create(tracked)))
  },
  manifest: (_ctx, call) => scanForm(options, call),
  fetchPaper: (url) => fetchPaper(url, options.timeout_ms),
  readWebhook: (webhook) => readWebhook(options, webhook),
  newsIn: (body) => newsIn(body),
})

/** What EasyPost answers when a shipment has its label already. */
const BOUGHT_ALREADY = 'SHIPMENT.POSTAGE.EXISTS'

async function buy(options: Options, call: LabelCall): Promise<BuyAnswer> {
  const client = await easyPostClient(options)
  try {
    const bought = await client.Shipment.buy(call.quote_ref, call.rate_ref)
    return await sold(options, bought)
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    if (refusal.code !== BOUGHT_ALREADY) return { outcome: 'refused', ...refusal }
    return sold(options, await client.Shipment.retrieve(call.quote_ref))
  }
}

async function sold(options: Options, shipment: Shipment): Promise<BuyAnswer> {
  const label = await withPaper(options, shipment)
  if (!label) throw new Error(`EasyPost sold ${shipment.id} and tells no label`)
  return { outcome: 'bought', label }
}

async function lookUp(options: Options, call: LabelCall): Promise<BoughtLabel | undefined> {
  const client = await easyPostClient(options)
  try {
    const found = await client.Shipment.retrieve(call.quote_ref)
    return await withPaper(options, found)
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined
    throw error
  }
}

/** The label with its paper, if it can be fetched now; else it is fetched later. */
async function withPaper(options: Options, shipment: Shipment): Promise<BoughtLabel | undefined> {
  const label = labelFrom(shipment)
  if (!label?.paper_url) return label
  // The label is ours whether or not its picture arrives.
  const paper = await fetchPaper(label.paper_url, options.timeout_ms).catch(() => null)
  return { ...label, paper }
}

async function refund(options: Options, call: LabelCall): Promise<VoidAnswer> {
  const client = await easyPostClient(options)
  try {
    const { refund_status } = await client.Shipment.refund(call.quote_ref)
    // Accounts that pay when the parcel is scanned have nothing to give back.
    if (refund_status === 'rejected') {
      return { outcome: 'refused', code: 'rejected', message: 'EasyPost rejected the refund.' }
    }
    return { outcome: 'voided', refund_status }
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    return { outcome: 'refused', ...refusal }
  }
}

async function scanForm(options: Options, { labels }: ManifestCall): Promise<ManifestAnswer> {
  const client = await easyPostClient(options)
  const refs = labels.map(({ quote_ref }) => quote_ref)
  const known = await formOf(client, refs)
  if (known) return closed(options, known)
  try {
    return await closed(options, await client.ScanForm.create({ shipments: refs }))
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    return { outcome: 'refused', ...refusal }
  }
}

/** A shipment stands on one form: that of a call whose answer was lost is found by it. */
async function formOf(client: Client, refs: readonly string[]): Promise<ScanForm | undefined> {
  const [first] = refs
  if (!first) return undefined
  return (await client.Shipment.retrieve(first)).scan_form ?? undefined
}

async function closed(options: Options, form: ScanForm): Promise<ManifestAnswer> {
  if (form.status === 'failed') {
    const message = form.message ?? 'EasyPost could not make the form.'
    return { outcome: 'refused', code: 'failed', message }
  }
  const { id: ref, form_url: paper_url } = form
  const paper = paper_url ? await fetchPaper(paper_url, options.timeout_ms).catch(() => null) : null
  return { outcome: 'closed', ref, paper, paper_url }
}

const PAPER_BYTES_MAX = 5_000_000

async function fetchPaper(url: string, timeout_ms: number): Promise<Paper> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeout_ms) })
  if (!response.ok) throw new Error(`a label could not be fetched: ${response.status}`)
  const content = Buffer.from(await response.arrayBuffer())
  if (content.length > PAPER_BYTES_MAX) throw new Error('a label is too large to be one')
  const media_type = response.headers.get('content-type')?.split(';')[0] ?? 'application/pdf'
  return { media_type, content }
}

type Webhook = { headers: WebhookHeaders; body: Buffer }

function readWebhook({ webhook_secret }: Options, { headers, body }: Webhook): CarrierWebhook {
  checkSignature(webhook_secret, { headers, body })
  return newsIn(body.toString('utf8'))
}

function newsIn(body: string): CarrierWebhook {
  const event = parsed(body)
  const { id, description, result } = event
  if (typeof id !== 'string' || typeof description !== 'string') {
    throw shipmentErrors.bad_webhook({ problem: 'it has no id and description' })
  }
  const tracker = result as Tracker | undefined
  const tracks = description.startsWith('tracker.') && typeof tracker?.tracking_code === 'string'
  if (!tracks || !tracker) return { event_id: id, type: description, parcel: undefined }
  return {
    event_id: id,
    type: description,
    parcel: {
      tracking_number: tracker.tracking_code,
      carrier_ref: tracker.shipment_id ?? null,
      news: newsOf(tracker),
    },
  }
}

function parsed(body: string): { id?: unknown; description?: unknown; result?: unknown } {
  try {
    const read: unknown = JSON.parse(body)
    if (typeof read === 'object' && read !== null) return read
  } catch {
    // Refused below like anything that is no event.
  }
  throw shipmentErrors.bad_webhook({ problem: 'it is not a JSON object' })
}
