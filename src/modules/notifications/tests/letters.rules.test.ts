import assert from 'node:assert/strict'
import { it } from 'node:test'
import { currencyCodes, exponentOf } from '#kit/currencies'
import { escaped, printedMoney, printLetter } from '../letters/letter.ts'

it('money in a letter is exact, and has the digits of its currency', () => {
  assert.equal(printedMoney(123450, 'USD'), '$1,234.50')
  assert.equal(printedMoney(500, 'JPY'), '¥500')
  assert.equal(printedMoney(1234, 'KWD'), 'KWD\u00a01.234')
  assert.equal(printedMoney(-950, 'EUR'), '-€9.50')
  // Custom would round these to whole ones.
  assert.equal(printedMoney(1050, 'IDR'), 'IDR\u00a010.50')
  assert.equal(printedMoney(1050, 'HUF'), 'HUF\u00a010.50')
  for (const currency of currencyCodes) {
    const digits = exponentOf(currency) ?? 0
    const decimals = /\.(\d+)$/.exec(printedMoney(123_457, currency))?.[1] ?? ''
    assert.equal(decimals, digits === 0 ? '' : '123457'.slice(-digits), currency)
  }
  assert.equal(printedMoney(9_007_199_254_740_991, 'USD'), '$90,071,992,547,409.91')
})

it('what came from people is text in HTML, and breaks no header', () => {
  assert.equal(
    escaped(`<a href="x" title='y'>&`),
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;',
  )
  const letter = {
    subject: 'Your order\r\nBcc: eve@example.com',
    greeting: 'Hello <script>alert(1)</script>,',
    paragraphs: ['"quoted"'],
    rows: [{ left: '<img src=x>', right: '$1.00' }],
    closing: ['Bye'],
  }
  const { subject, html, text } = printLetter(letter, 'A & B')
  assert.equal(subject, 'Your order Bcc: eve@example.com')
  assert.ok(!/<script|<img/.test(html))
  assert.ok(text.includes('<img src=x>'))
})

const letterOf = (...rows: { left: string; right: string; bold?: boolean }[]) =>
  printLetter(
    { subject: 'S', greeting: 'Hello,', paragraphs: [], rows, closing: ['Bye'] },
    'A shop',
  )
const tableOf = (...rows: Parameters<typeof letterOf>) =>
  letterOf(...rows)
    .text.split('\n\n')[1]
    ?.split('\n') ?? []

it('amounts of a letter in plain text stand below each other, however long a name is', () => {
  const long = `2 × ${'Handmade stoneware mug with a very long name, '.repeat(3)}blue`
  const lines = tableOf(
    { left: long, right: '$25.00' },
    { left: `1 × ${'A'.repeat(120)}`, right: '$1.00' },
    { left: '1 × 青い湯呑み', right: '¥500' },
    { left: 'Total', right: '$1,026.00', bold: true },
  )
  const columns = (line: string) => line.length + (line.match(/[\u3040-\u9fff]/g)?.length ?? 0)
  for (const line of lines) assert.ok(columns(line) <= 72, line)
  const priced = lines.filter((line) => /[$¥]/.test(line))
  assert.deepEqual(
    priced.map((line) => [columns(line), /[$¥][\d,.]+$/.exec(line)?.[0]]),
    [
      [72, '$25.00'],
      [72, '$1.00'],
      [72, '¥500'],
      [72, '$1,026.00'],
    ],
  )
  assert.equal(
    lines
      .join(' ')
      .replace(/\s+/g, '')
      .match(/A{120}/)?.length,
    1,
  )
})

it('a name that runs from right to left does not tear the amount beside it', () => {
  const name = '2 × كوب أزرق كبير'
  const { text, html } = letterOf({ left: name, right: '$25.00' })
  assert.match(text, /\u2068[^\u2069]+\u2069 +\$25\.00/)
  assert.match(html, /<td dir="auto"[^>]*>2 × كوب أزرق كبير<\/td><td dir="ltr"[^>]*>\$25\.00<\/td>/)
})
