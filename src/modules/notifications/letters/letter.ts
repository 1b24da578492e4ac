import { exponentOf } from '#kit/currencies'
import { formatMoney } from '#kit/money'
import { oneLine, textOf } from './as-text.ts'

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

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
const TYPE = `font-family:${FONT};font-size:16px;line-height:1.5;color:#222222`
const RULE = 'border-bottom:1px solid #e5e5e5'
const CELL = 'padding:8px 0;border-top:1px solid #e5e5e5;vertical-align:top'
/** Whatever runs from right to left does so within its own part; a long word is broken. */
const OWN = 'text-align:left;unicode-bidi:plaintext;overflow-wrap:anywhere;word-break:break-word'

function htmlOf({ subject, greeting, paragraphs, rows = [], closing }: Letter, shop: string) {
  const part = (style: string, inner: string) =>
    `<p dir="auto" style="margin:0 0 16px;${style}${OWN}">${inner}</p>`
  const cells = rows.map(({ left, right, bold }) => {
    const weight = bold ? ';font-weight:bold' : ''
    const amount = 'padding-left:16px;text-align:right;white-space:nowrap'
    return (
      `<tr><td dir="auto" style="${CELL}${weight};${OWN}">${escaped(left)}</td>` +
      `<td dir="ltr" style="${CELL}${weight};${amount}">${escaped(right)}</td></tr>`
    )
  })
  const table =
    cells.length > 0
      ? [
          '<table role="presentation" width="100%" cellspacing="0" cellpadding="0"',
          ` style="border-collapse:collapse;margin:0 0 16px;${RULE};${TYPE}">`,
          `${cells.join('\n')}</table>`,
        ]
      : []
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(oneLine(subject))}</title></head>`,
    `<body style="max-width:36em;margin:0 auto;padding:24px 16px;${TYPE}">`,
    part('font-size:20px;font-weight:bold;', escaped(shop)),
    ...[greeting, ...paragraphs].map((text) => part('', escaped(text))),
    ...table,
    part('', [...closing, shop].map(escaped).join('<br>')),
    '</body></html>',
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

/**
 * An amount as people read it: `$1,234.50`, `¥500`, `KWD 1.250`. Exact, whatever its size: with the
 * digits that the currency has, where custom would round them (`IDR 10.50`, never `IDR 11`).
 */
export function printedMoney(amount: number, currency: string): string {
  let printer = printers.get(currency)
  if (!printer) {
    const digits = exponentOf(currency) ?? 2
    printer = new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
    printers.set(currency, printer)
  }
  return printer.format(formatMoney(amount, currency) as `${number}`)
}
