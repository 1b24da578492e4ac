import { formatMoney } from '#kit/money'
import type { ParcelOrder } from '#modules/shipments'
import { addressLines, weightText } from '../papers/address-lines.ts'
import { qrCode } from '../papers/barcodes.ts'
import { Canvas, LABEL_SIZE } from '../papers/pdf.ts'

export type LabelFacts = {
  tracking_number: string
  service_name: string
  order: ParcelOrder
}

const EDGE = 12
const { width: W, height: H } = LABEL_SIZE
const INNER = W - 2 * EDGE

/**
 * A shipping label of 4 × 6 inches: who, where to, how, and the tracking number as Code 128 and as
 * a QR code. A parcel that crosses a border has its customs declaration on a second sheet.
 */
export async function drawLabel({ tracking_number, service_name, order }: LabelFacts) {
  const paper = new Canvas({
    ...LABEL_SIZE,
    title: `Label ${tracking_number}`,
    made_at: order.asked_at,
  })
  const sheets = { paper, order }
  drawHead(sheets, service_name)
  drawAddresses(sheets)
  drawFacts(sheets, tracking_number)
  drawCode(sheets, tracking_number)
  if (order.customs.length > 0) drawCustoms(sheets, tracking_number)
  return paper.finish()
}

type Sheets = { paper: Canvas; order: ParcelOrder }

function drawHead({ paper, order }: Sheets, service_name: string): void {
  paper.banner(service_name.toUpperCase(), { x: 0, y: 0, width: W, height: 40 }, 20)
  const remarks = [
    order.is_return && 'RETURN',
    order.signature_required && 'SIGNATURE REQUIRED',
  ].filter(Boolean)
  if (remarks.length === 0) return
  paper.text(remarks.join('  ·  '), { x: EDGE, y: 44, width: INNER }, BOLD(9, 'center'))
}

const BOLD = (size: number, align?: 'left' | 'right' | 'center') => ({
  size,
  bold: true,
  ...(align && { align }),
})

function drawAddresses({ paper, order }: Sheets): void {
  const { from, to } = order
  paper.text('FROM', { x: EDGE, y: 60, width: 60 }, BOLD(7))
  const sender = addressLines(from, to).join('\n')
  paper.text(sender, { x: EDGE, y: 70, width: 150, height: 54 }, { size: 8 })
  paper.line(0, 130, { x: W, y: 130 })
  paper.text('TO', { x: EDGE, y: 136, width: 60 }, BOLD(8))
  const lines = addressLines(to, from)
  const { phone } = to
  const text = [...lines, ...(phone ? [`Tel. ${phone}`] : [])].join('\n')
  const place = { x: EDGE + 24, y: 136, width: INNER - 24, height: 104 }
  paper.text(text, place, { size: 14, bold: true })
  paper.line(0, 246, { x: W, y: 246 })
}

function drawFacts({ paper, order }: Sheets, tracking_number: string): void {
  const { position, of, weight_grams, reference, asked_at } = order
  const size = [order.length_mm, order.width_mm, order.height_mm]
  const sizes = size.every((side) => side !== null)
    ? ` · ${size.map((side) => Math.ceil((side as number) / 10)).join(' × ')} cm`
    : ''
  const facts = [
    ['REFERENCE', reference],
    ['PARCEL', `${position} of ${of}`],
    ['WEIGHT', `${weightText(weight_grams)}${sizes}`],
    ['DATE', asked_at.slice(0, 10)],
  ] as const
  for (const [nth, [name, value]] of facts.entries()) {
    const y = 252 + nth * 20
    paper.text(name, { x: EDGE, y, width: 120 }, BOLD(6))
    paper.text(value, { x: EDGE, y: y + 7, width: 160 }, { size: 9 })
  }
  // Beside the sender, and large enough to be read by a telephone.
  paper.squares(qrCode(tracking_number), { x: W - EDGE - 76, y: 252, width: 76 })
  paper.line(0, 334, { x: W, y: 334 }, 3)
}

function drawCode({ paper }: Sheets, tracking_number: string): void {
  paper.text('TRACKING NUMBER', { x: EDGE, y: 340, width: INNER }, BOLD(7, 'center'))
  // Ten modules of white on each side, or scanners do not find the ends.
  paper.code128(tracking_number, { x: EDGE + 14, y: 351, width: INNER - 28, height: 52 })
  const printed = tracking_number.replace(/(.{4})(?=.)/g, '$1 ')
  paper.text(printed, { x: EDGE, y: 408, width: INNER }, BOLD(13, 'center'))
  paper.box({ x: 0.5, y: 0.5, width: W - 1, height: H - 1 })
}

const COLUMNS = [
  { name: 'CONTENTS', x: EDGE, width: 96 },
  { name: 'UNITS', x: 110, width: 28, align: 'right' },
  { name: 'HS CODE', x: 144, width: 46 },
  { name: 'FROM', x: 192, width: 24 },
  { name: 'VALUE', x: 216, width: W - EDGE - 216, align: 'right' },
] as const
const ROWS_A_SHEET = 18

function drawCustoms({ paper, order }: Sheets, tracking_number: string): void {
  const { customs, from, to } = order
  const sheets = Math.ceil(customs.length / ROWS_A_SHEET)
  for (let sheet = 0; sheet < sheets; sheet++) {
    paper.addPage(LABEL_SIZE)
    paper.banner('CUSTOMS DECLARATION', { x: 0, y: 0, width: W, height: 28 }, 14)
    const route = `${from.country ?? ''} → ${to.country ?? ''}`
    const head = `${tracking_number}   ${order.reference}   ${route}`
    paper.text(head, { x: EDGE, y: 34, width: INNER }, { size: 8 })
    for (const { name, x, width, ...rest } of COLUMNS) {
      paper.text(name, { x, y: 50, width }, { ...BOLD(6), ...rest })
    }
    paper.line(EDGE, 60, { x: W - EDGE, y: 60 })
    const rows = customs.slice(sheet * ROWS_A_SHEET, (sheet + 1) * ROWS_A_SHEET)
    for (const [nth, item] of rows.entries()) {
      const y = 64 + nth * 16
      const cells = [
        item.description,
        String(item.quantity),
        item.hs_code ?? '–',
        item.origin_country ?? '–',
        `${formatMoney(item.value_amount, item.currency)} ${item.currency}`,
      ]
      for (const [column, { x, width, ...rest }] of COLUMNS.entries()) {
        paper.text(cells[column] ?? '', { x, y, width }, { size: 8, ...rest })
      }
    }
  }
  const [first] = customs
  if (!first) return
  const total = customs.reduce((sum, { value_amount }) => sum + value_amount, 0)
  const weight = customs.reduce((sum, { weight_grams }) => sum + weight_grams, 0)
  const sum = `Total value ${formatMoney(total, first.currency)} ${first.currency}`
  const told = weight > 0 ? `${sum}, net weight ${weightText(weight)}` : sum
  paper.text(told, { x: EDGE, y: H - 50, width: INNER }, BOLD(8))
  paper.text('Signature', { x: EDGE, y: H - 34, width: 60 }, { size: 7 })
  paper.line(EDGE, H - 12, { x: W - EDGE, y: H - 12 })
}
