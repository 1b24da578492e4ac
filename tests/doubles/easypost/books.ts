import { randomBytes } from 'node:crypto'
import { Refusal } from '../refusal.ts'

// What a pretended EasyPost keeps, and the rules of its documents (docs.easypost.com: Shipment,
// Rate, Tracker, ScanForm, Refund, Errors).

type Json = Record<string, any>
const id = (prefix: string) => `${prefix}_${randomBytes(16).toString('hex')}`
const DAY_MS = 24 * 60 * 60 * 1000

/** Who carries, by which service, from how much on, how much an ounce, how many days. */
const SERVICES = [
  { carrier: 'USPS', service: 'GroundAdvantage', base: 4.1, ounce: 0.11, days: 4, most: 1120 },
  { carrier: 'USPS', service: 'Priority', base: 7.2, ounce: 0.16, days: 2, most: 1120 },
  { carrier: 'USPS', service: 'Express', base: 24.5, ounce: 0.4, days: 1, most: 1120 },
  { carrier: 'UPS', service: 'Ground', base: 8.3, ounce: 0.09, days: 3, most: 2400 },
  { carrier: 'FedEx', service: 'FEDEX_GROUND', base: 8.1, ounce: 0.1, days: 3, most: 2400 },
  { carrier: 'FedEx', service: 'PRIORITY_OVERNIGHT', base: 31, ounce: 0.5, days: 1, most: 2400 },
] as const
const ABROAD = [
  {
    carrier: 'USPS',
    service: 'PriorityMailInternational',
    base: 32,
    ounce: 0.7,
    days: 9,
    most: 1120,
  },
  { carrier: 'DHLExpress', service: 'ExpressWorldwide', base: 48, ounce: 0.9, days: 3, most: 2400 },
] as const

/** The books of one account. */
export class Books {
  readonly shipments = new Map<string, Json>()
  readonly trackers = new Map<string, Json>()
  readonly forms = new Map<string, Json>()
  /** How many labels were sold: what a test of «exactly one» counts. */
  sold = 0
  #clock: () => Date

  constructor(clock: () => Date = () => new Date()) {
    this.#clock = clock
  }

  #now = () =>
    this.#clock()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')

  create(sent: Json): Json {
    const weight = Number(sent.parcel?.weight)
    if (!sent.to_address || !sent.from_address || !sent.parcel) {
      const message = 'Unable to create shipment, one or more parameters were invalid.'
      throw new Refusal(422, 'SHIPMENT.INVALID_PARAMS', message)
    }
    if (!(weight > 0)) throw new Refusal(422, 'PARCEL.WEIGHT.INVALID', 'Parcel weight is invalid.')
    const abroad = sent.to_address.country !== sent.from_address.country
    const messages: Json[] = []
    const services = abroad ? ABROAD : SERVICES
    const declared = !abroad || sent.customs_info?.customs_items?.length > 0
    if (!declared) {
      const message = 'Customs information is required for international shipments.'
      messages.push({ carrier: 'USPS', type: 'rate_error', message })
    }
    const taking = declared ? services.filter(({ most }) => weight <= most) : []
    if (declared && taking.length === 0) {
      messages.push({ carrier: 'UPS', type: 'rate_error', message: 'Package exceeds the limit.' })
    }
    const key = id('shp')
    const rates = taking.map(({ carrier, service, base, ounce, days }) => ({
      id: id('rate'),
      object: 'Rate',
      mode: 'test',
      carrier,
      service,
      rate: (base + weight * ounce).toFixed(2),
      currency: 'USD',
      delivery_days: days,
      delivery_date: null,
      est_delivery_days: days,
      shipment_id: key,
    }))
    const shipment = {
      id: key,
      object: 'Shipment',
      mode: 'test',
      created_at: this.#now(),
      updated_at: this.#now(),
      status: 'unknown',
      ...sent,
      rates,
      messages,
      selected_rate: null,
      postage_label: null,
      tracking_code: null,
      tracker: null,
      scan_form: null,
      refund_status: null,
    }
    this.shipments.set(key, shipment)
    return shipment
  }

  /** By its id, or by the reference that its owner gave it. */
  find(name: string): Json {
    const found =
      this.shipments.get(name) ??
      [...this.shipments.values()].find(({ reference }) => reference === name)
    if (!found) {
      throw new Refusal(404, 'NOT_FOUND', 'The requested resource could not be found.')
    }
    return found
  }

  buy(name: string, rate_id: string, base_url: string): Json {
    const shipment = this.find(name)
    if (shipment.postage_label) {
      throw new Refusal(422, 'SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.')
    }
    const rate = shipment.rates.find((one: Json) => one.id === rate_id)
    if (!rate) throw new Refusal(404, 'RATE.NOT_FOUND', 'The rate was not found.')
    if (shipment.to_address.name === 'Nobody Pays') {
      throw new Refusal(402, 'BILLING.INSUFFICIENT_FUNDS', 'Insufficient funds.')
    }
    this.sold++
    const label_url = `${base_url}/labels/${shipment.id}.pdf`
    shipment.selected_rate = rate
    shipment.postage_label = {
      id: id('pl'),
      object: 'PostageLabel',
      label_url,
      label_pdf_url: label_url,
      label_file_type: 'application/pdf',
      label_size: '4x6',
    }
    shipment.tracking_code = trackingCode(rate.carrier, this.sold)
    shipment.tracker = this.#tracker(shipment, rate)
    return shipment
  }

  #tracker(shipment: Json, { carrier, delivery_days }: Json): Json {
    const due = this.#clock().getTime() + delivery_days * DAY_MS
    const tracker = {
      id: id('trk'),
      object: 'Tracker',
      mode: 'test',
      tracking_code: shipment.tracking_code,
      status: 'unknown',
      signed_by: null,
      est_delivery_date: new Date(due).toISOString().replace(/\.\d+Z$/, 'Z'),
      shipment_id: shipment.id,
      carrier,
      public_url: `https://track.easypost.com/${shipment.tracking_code}`,
      created_at: this.#now(),
      updated_at: this.#now(),
      tracking_details: [],
    }
    this.trackers.set(tracker.id, tracker)
    return tracker
  }

  refund(name: string): Json {
    const shipment = this.find(name)
    if (!shipment.postage_label) {
      const message = 'Shipment has no postage to refund.'
      throw new Refusal(422, 'SHIPMENT.REFUND.UNAVAILABLE', message)
    }
    if (shipment.refund_status === 'submitted') return shipment
    const scanned = shipment.tracker.tracking_details.length > 0
    shipment.refund_status = scanned || shipment.scan_form ? 'rejected' : 'submitted'
    return shipment
  }

  track(tracking_code: string): Json {
    const found = [...this.trackers.values()].findLast((one) => one.tracking_code === tracking_code)
    if (found) return found
    throw new Refusal(404, 'TRACKER.NOT_FOUND', 'The tracking code is not known.')
  }

  /** Something happens to a parcel. */
  scan(tracking_code: string, detail: Json): Json {
    const tracker = this.track(tracking_code)
    const { signed_by, ...rest } = detail
    tracker.status = detail.status
    tracker.updated_at = this.#now()
    if (signed_by) tracker.signed_by = signed_by
    tracker.tracking_details.push({
      object: 'TrackingDetail',
      source: tracker.carrier,
      status_detail: 'status_update',
      datetime: this.#now(),
      ...rest,
    })
    return tracker
  }

  scanForm(refs: readonly string[], base_url: string): Json {
    const shipments = refs.map((ref) => this.find(ref))
    const bad = shipments.find(
      ({ postage_label, refund_status, scan_form }) =>
        !postage_label || refund_status === 'submitted' || scan_form,
    )
    if (bad || shipments.length === 0) {
      const message = 'Unable to create scan form, one or more parameters were invalid.'
      throw new Refusal(422, 'SCAN_FORM.INVALID_PARAMS', message)
    }
    const key = id('sf')
    const form = {
      id: key,
      object: 'ScanForm',
      status: 'created',
      message: null,
      address: shipments[0]?.from_address,
      tracking_codes: shipments.map(({ tracking_code }) => tracking_code),
      form_url: `${base_url}/labels/${key}.pdf`,
      form_file_type: 'pdf',
      batch_id: id('batch'),
      created_at: this.#now(),
    }
    this.forms.set(key, form)
    for (const shipment of shipments) shipment.scan_form = form
    return form
  }
}

function trackingCode(carrier: string, nth: number): string {
  const digits = String(nth).padStart(10, '0')
  if (carrier === 'USPS') return `940550020830${digits}`
  if (carrier === 'UPS') return `1Z999AA1${digits}`
  return carrier === 'FedEx' ? `77${digits}` : `JD0146${digits}`
}
