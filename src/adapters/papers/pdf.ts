import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import { barcode } from './barcodes.ts'

const require = createRequire(import.meta.url)
const font = (name: string) => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))

let fonts: { regular: Buffer; bold: Buffer } | undefined
/** Read once a process, when the first paper is made. */
const loadFonts = () => {
  fonts ??= { regular: font('DejaVuSansCondensed'), bold: font('DejaVuSansCondensed-Bold') }
  return fonts
}

/** Where a text stands, in points from the upper left corner. */
export type Place = { x: number; y: number; width: number; height?: number }
export type Letters = { size: number; bold?: boolean; align?: 'left' | 'right' | 'center' }

type Sheet = { width: number; height: number; title: string; made_at: string }

/** 4 × 6 inches: what label printers take. */
export const LABEL_SIZE = { width: 288, height: 432 }
export const A4 = { width: 595, height: 842 }

/** A paper that is drawn on: texts that fit their place, lines, bars and squares. Points. */
export class Canvas {
  readonly #doc: PDFKit.PDFDocument
  readonly #done: Promise<Buffer>

  constructor({ width, height, title, made_at }: Sheet) {
    const { regular, bold } = loadFonts()
    // The same content gives the same bytes: nothing here knows the time.
    const date = new Date(made_at)
    const info = { Title: title, Producer: 'Tradepost', CreationDate: date, ModDate: date }
    this.#doc = new PDFDocument({ size: [width, height], margin: 0, info, font: '' })
    this.#doc.registerFont('regular', regular).registerFont('bold', bold)
    const chunks: Buffer[] = []
    this.#done = new Promise((resolve, reject) => {
      this.#doc.on('data', (chunk: Buffer) => chunks.push(chunk))
      this.#doc.on('end', () => resolve(Buffer.concat(chunks)))
      this.#doc.on('error', reject)
    })
  }

  /** A text in its place: smaller where it is too long, and cut where that is not enough. */
  text(text: string, place: Place, letters: Letters): this {
    const { size, bold = false, align = 'left' } = letters
    this.#doc.font(bold ? 'bold' : 'regular')
    const smallest = Math.max(6, size * 0.7)
    let fitting = size
    const fits = () => {
      this.#doc.fontSize(fitting)
      const { width, height } = place
      if (height === undefined) return this.#doc.widthOfString(text) <= width
      return this.#doc.heightOfString(text, { width, lineGap: 0 }) <= height
    }
    while (!fits() && fitting > smallest) fitting -= 0.5
    const { x, y, width, height = fitting * 1.4 } = place
    this.#doc.fontSize(fitting).fillColor('black')
    this.#doc.text(text, x, y, { width, height, align, ellipsis: true, lineGap: 0 })
    return this
  }

  line(x: number, y: number, to: { x: number; y: number }, width = 1): this {
    this.#doc.moveTo(x, y).lineTo(to.x, to.y).lineWidth(width).stroke('black')
    return this
  }

  box({ x, y, width, height = 0 }: Place, filled = false): this {
    this.#doc.rect(x, y, width, height)
    if (filled) this.#doc.fill('black')
    else this.#doc.lineWidth(1).stroke('black')
    return this
  }

  /** White letters on black. */
  banner(text: string, place: Place & { height: number }, size: number): this {
    this.box(place, true)
    this.#doc.font('bold').fontSize(size).fillColor('white')
    const y = place.y + (place.height - size * 1.17) / 2
    this.#doc.text(text, place.x, y, { width: place.width, align: 'center', lineBreak: false })
    this.#doc.fillColor('black')
    return this
  }

  /** Code 128 as wide as its place. */
  code128(text: string, { x, y, width, height = 50 }: Place): this {
    const { bars, modules } = barcode(text)
    const module = width / modules
    for (const bar of bars) {
      this.#doc.rect(x + bar.at * module, y, bar.width * module, height)
    }
    this.#doc.fill('black')
    return this
  }

  /** A QR code as a square; `squares` says which of its modules are dark. */
  squares(rows: readonly (readonly boolean[])[], { x, y, width }: Place): this {
    const module = width / rows.length
    for (const [down, row] of rows.entries()) {
      for (const [along, dark] of row.entries()) {
        // A hair wider, so that no printer leaves white lines between them.
        if (!dark) continue
        this.#doc.rect(x + along * module, y + down * module, module + 0.05, module + 0.05)
      }
    }
    this.#doc.fill('black')
    return this
  }

  addPage({ width, height }: { width: number; height: number }): this {
    this.#doc.addPage({ size: [width, height], margin: 0 })
    return this
  }

  /** Ends the paper. */
  async finish(): Promise<Buffer> {
    this.#doc.end()
    return this.#done
  }
}
