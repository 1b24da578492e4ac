import type { PackingSlip, Paper } from '#modules/shipments'
import { addressLines, weightText } from './address-lines.ts'
import { A4, Canvas } from './pdf.ts'

const EDGE = 40
const INNER = A4.width - 2 * EDGE
const FIRST_ROW = 214
const LAST_ROW = 740

/** The paper that lies in the box. */
export async function drawPackingSlip(slip: PackingSlip): Promise<Paper> {
  const made_at = `${slip.date}T00:00:00.000Z`
  const paper = new Canvas({ ...A4, title: `Packing slip ${slip.title}`, made_at })
  drawHead(paper, slip)
  drawFoot(paper, slip, drawLines(paper, slip))
  return { media_type: 'application/pdf', content: await paper.finish() }
}

function drawHead(paper: Canvas, { title, order_number, date, from, to, parcels }: PackingSlip) {
  paper.text('Packing slip', { x: EDGE, y: 36, width: 300 }, { size: 20, bold: true })
  paper.code128(title, { x: A4.width - EDGE - 180, y: 36, width: 180, height: 30 })
  const numbers = `${title}   Order ${order_number}   ${date}`
  paper.text(numbers, { x: EDGE, y: 72, width: INNER }, { size: 9, align: 'right' })
  paper.text('From', { x: EDGE, y: 96, width: 100 }, { size: 8, bold: true })
  const sender = addressLines(from, to).join('\n')
  paper.text(sender, { x: EDGE, y: 108, width: 220, height: 76 }, { size: 10 })
  paper.text('To', { x: 300, y: 96, width: 100 }, { size: 8, bold: true })
  const receiver = addressLines(to, from).join('\n')
  paper.text(receiver, { x: 300, y: 108, width: 255, height: 64 }, { size: 11, bold: true })
  const boxes = parcels.map(({ position, weight_grams, tracking_number }) =>
    [`Parcel ${position}`, weight_grams && weightText(weight_grams), tracking_number]
      .filter(Boolean)
      .join(' '),
  )
  paper.text(boxes.join(', '), { x: 300, y: 174, width: 255, height: 14 }, { size: 8 })
}

function drawLines(paper: Canvas, { lines }: PackingSlip): number {
  const heading = () => {
    paper.text('Units', { x: EDGE, y: 196, width: 40 }, { size: 8, bold: true, align: 'right' })
    paper.text('SKU', { x: 92, y: 196, width: 110 }, { size: 8, bold: true })
    paper.text('What', { x: 208, y: 196, width: 300 }, { size: 8, bold: true })
    paper.line(EDGE, 208, { x: A4.width - EDGE, y: 208 })
  }
  heading()
  let y = FIRST_ROW
  for (const { quantity, sku, name, details } of lines) {
    if (y > LAST_ROW) {
      paper.addPage(A4)
      heading()
      y = FIRST_ROW
    }
    paper.text(
      String(quantity),
      { x: EDGE, y, width: 40 },
      { size: 11, bold: true, align: 'right' },
    )
    paper.text(sku, { x: 92, y, width: 110 }, { size: 10 })
    paper.text(name, { x: 208, y, width: 340 }, { size: 10 })
    const more = details.join('; ')
    if (more !== '') paper.text(more, { x: 208, y: y + 13, width: 340, height: 12 }, { size: 8 })
    y += more === '' ? 20 : 30
  }
  return y
}

function drawFoot(paper: Canvas, { lines, notes, to_follow }: PackingSlip, y: number): void {
  paper.line(EDGE, y, { x: A4.width - EDGE, y })
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const follow = to_follow > 0 ? `  ${to_follow} more follow in another shipment.` : ''
  const sum = `${units} ${units === 1 ? 'unit' : 'units'} in this shipment.${follow}`
  paper.text(sum, { x: EDGE, y: y + 8, width: INNER }, { size: 10, bold: true })
  if (notes) paper.text(notes, { x: EDGE, y: y + 28, width: INNER, height: 40 }, { size: 9 })
}
