import type { Carrier, Carriers, Printer } from '#modules/shipments'
import type { Settings } from '#platform/config/settings'
import { createEasyPost } from './easypost/easypost.ts'
import { createTableCarrier } from './table-rates/table-rates.ts'

/** The carriers that the settings ask for, in the order in which they are asked. */
export function createCarriers(settings: Settings): Carriers {
  const all: Carrier[] = []
  if (settings.table_carrier) all.push(createTableCarrier(settings.carrier_timeout_ms))
  if (settings.easypost_api_key !== '') {
    all.push(
      createEasyPost({
        api_key: settings.easypost_api_key,
        webhook_secret: settings.easypost_webhook_secret,
        url: settings.easypost_url,
        timeout_ms: settings.carrier_timeout_ms,
      }),
    )
  }
  return { all, named: (name) => all.find((carrier) => carrier.name === name) }
}

/** Packing slips are drawn here. */
export const slipPrinter: Printer = {
  // Drawing is loaded when the first slip is printed: a server starts without it.
  async packingSlip(slip) {
    const { drawPackingSlip } = await import('./papers/packing-slip.ts')
    return drawPackingSlip(slip)
  },
}
