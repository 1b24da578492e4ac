import { formatMoney } from '#kit/money'

/** What a mail says, before it is text or HTML. All values are plain text. */
export type Letter = {
  subject: string
  greeting: string
  paragraphs: readonly string[]
  /** Rows of two columns, such as what was ordered and what it costs. */
  rows?: readonly Row[]
  closing: readonly string[]
}
export type Row = { left: string; right: string; bold?: boolean }

/** A letter in both forms that a mail has. */
export type Printed = { subject: string; text: string; html: string }

/** Prints a letter of this shop. What came from people is escaped, and breaks no header. */
export function printLetter(letter: Letter, shop: string): Printed {
  return {
    subject: oneLine(letter.subject),
    text: textOf(letter, shop),
    html: htmlOf(letter, shop),
  }
}

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim()

const WIDTH = 72

function textOf({ greeting, paragraphs, rows = [], closing }: Letter, shop: string): string {
  const table = rows.map(({ left, right }) => {
    const gap = Math.max(2, WIDTH - left.length - right.length)
    return left + ' '.repeat(gap) + right
  })
  const blocks = [greeting, ...paragraphs, ...(table.length > 0 ? [table.join('\n')] : [])]
  return `${[...blocks, [...closing, shop].join('\n')].join('\n\n')}\n`
}

const FONT = 'font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#222'
const CELL = 'padding:4px 0;border-bottom:1px solid #eee'

function htmlOf({ subject, greeting, paragraphs, rows = [], closing }: Letter, shop: string) {
  const blocks = [greeting, ...paragraphs].map((text) => `<p>${escaped(text)}</p>`)
  const cells = rows.map(({ left, right, bold }) => {
    const weight = bold ? ';font-weight:bold' : ''
    return (
      `<tr><td style="${CELL}${weight}">${escaped(left)}</td>` +
      `<td style="${CELL}${weight};text-align:right;white-space:nowrap">${escaped(right)}</td></tr>`
    )
  })
  const table =
    cells.length > 0 ? [`<table style="width:100%;${FONT}">${cells.join('')}</table>`] : []
  const end = `<p>${[...closing, shop].map(escaped).join('<br>')}</p>`
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(oneLine(subject))}</title></head>`,
    `<body style="max-width:36em;margin:auto;padding:1em;${FONT}">`,
    ...blocks,
    ...table,
    `${end}</body></html>`,
  ].join('\n')
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is nothing but text in HTML, also within an attribute. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string)

const printers = new Map<string, Intl.NumberFormat>()

/** An amount as people read it: `$1,234.50`, `¥500`. Exact, whatever its size. */
export function printedMoney(amount: number, currency: string): string {
  let printer = printers.get(currency)
  if (!printer) {
    printer = new Intl.NumberFormat('en-US', { style: 'currency', currency })
    printers.set(currency, printer)
  }
  return printer.format(formatMoney(amount, currency) as `${number}`)
}
