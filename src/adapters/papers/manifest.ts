import type { ShipAddress } from '#modules/shipments'
import { addressLines, weightText } from './address-lines.ts'
import { A4, Canvas } from './pdf.ts'

export type ManifestFacts = {
  title: string
  made_at: string
  from: ShipAddress
  parcels: readonly {
    tracking_number: string
    service: string
    weight_grams: number
    reference: string
    to: string
  }[]
}

const EDGE = 40
const ROWS_A_SHEET = 44
const COLUMNS = [
  { name: 'Tracking number', x: EDGE, width: 130 },
  { name: 'Shipment', x: 176, width: 90 },
  { name: 'Service', x: 272, width: 70 },
  { name: 'To', x: 348, width: 140 },
  { name: 'Weight', x: 492, width: A4.width - EDGE - 492, align: 'right' },
] as const

/** The list of parcels that a driver signs for. */
export async function drawManifest({ title, made_at, from, parcels }: ManifestFacts) {
  const paper = new Canvas({ ...A4, title, made_at })
  const sheets = Math.max(1, Math.ceil(parcels.length / ROWS_A_SHEET))
  for (let sheet = 0; sheet < sheets; sheet++) {
    if (sheet > 0) paper.addPage(A4)
    const inner = A4.width - 2 * EDGE
    paper.text(title, { x: EDGE, y: 36, width: 300 }, { size: 16, bold: true })
    const page = `${made_at.slice(0, 10)}   ${sheet + 1} / ${sheets}`
    paper.text(page, { x: EDGE, y: 40, width: inner }, { size: 9, align: 'right' })
    const sender = addressLines(from).join(', ')
    paper.text(sender, { x: EDGE, y: 60, width: inner }, { size: 9 })
    for (const { name, x, width, ...rest } of COLUMNS) {
      paper.text(name, { x, y: 84, width }, { size: 8, bold: true, ...rest })
    }
    paper.line(EDGE, 96, { x: A4.width - EDGE, y: 96 })
    const rows = parcels.slice(sheet * ROWS_A_SHEET, (sheet + 1) * ROWS_A_SHEET)
    for (const [nth, parcel] of rows.entries()) {
      const y = 100 + nth * 15
      const cells = [
        parcel.tracking_number,
        parcel.reference,
        parcel.service,
        parcel.to,
        weightText(parcel.weight_grams),
      ]
      for (const [column, { x, width, ...rest }] of COLUMNS.entries()) {
        paper.text(cells[column] ?? '', { x, y, width }, { size: 9, ...rest })
      }
    }
  }
  const weight = parcels.reduce((sum, { weight_grams }) => sum + weight_grams, 0)
  const sum = `${parcels.length} parcels, ${weightText(weight)}`
  paper.text(sum, { x: EDGE, y: 776, width: 300 }, { size: 10, bold: true })
  paper.text('Received by', { x: 320, y: 790, width: 100 }, { size: 8 })
  paper.line(320, 786, { x: A4.width - EDGE, y: 786 })
  return paper.finish()
}
