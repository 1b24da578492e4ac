import type { Letter, Row } from './letter.ts'

/** Text without breaks, as a header has it. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim()

const WIDTH = 72
/** What stands on the left of a row has a line of its own when it is longer. */
const LEFT_MAX = 48

/** A letter as plain text: the mail of those who read no HTML, and of screen readers. */
export function textOf({ greeting, paragraphs, rows = [], closing }: Letter, shop: string): string {
  const blocks = [greeting, ...paragraphs, ...(rows.length > 0 ? [tableOf(rows)] : [])]
  return `${[...blocks, [...closing, shop].join('\n')].join('\n\n')}\n`
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ left, right, bold }, nth) => {
    const rule = bold && nth > 0 ? ['-'.repeat(WIDTH)] : []
    const wrapped = wrap(left, right === '' ? WIDTH : LEFT_MAX)
    const last = wrapped.pop() ?? ''
    const gap = Math.max(2, WIDTH - widthOf(last) - widthOf(right))
    const end = right === '' ? apart(last) : apart(last) + ' '.repeat(gap) + right
    return [...rule, ...wrapped.map(apart), end]
  })
  return lines.join('\n')
}

/** Lines of at most `width` columns; a word that is longer is cut. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of oneLine(text)
    .split(' ')
    .flatMap((part) => cut(part, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= width) {
      line = longer
      continue
    }
    lines.push(line)
    line = `  ${word}`
  }
  return [...lines, line]
}

function cut(word: string, width: number): string[] {
  if (widthOf(word) <= width - 2) return [word]
  const parts: string[] = ['']
  for (const { segment } of signs.segment(word)) {
    const last = parts.at(-1) ?? ''
    if (widthOf(last + segment) <= width - 2) parts[parts.length - 1] = last + segment
    else parts.push(segment)
  }
  return parts
}

const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}]/u

/** Letters of the West with its dashes, quotation marks and euro sign: as many columns as units. */
const PLAIN = /^[ -~\u00a1-\u024f\u2010-\u2027\u20ac]*$/
const signs = new Intl.Segmenter('en')

/** Columns in a mail of plain text: one a sign that is seen, two if it is wide. */
function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of signs.segment(text)) width += WIDE.test(segment) ? 2 : 1
  return width
}

const RIGHT_TO_LEFT = /[\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Syriac}\p{sc=Thaana}]/u

/** Text that runs from right to left keeps to itself: else it would tear the amount behind it. */
const apart = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text)
