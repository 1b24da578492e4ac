import assert from 'node:assert/strict'
import { it } from 'node:test'
import { escaped, printedMoney, printLetter } from '../letters/letter.ts'

it('money in a letter is exact, and has the digits of its currency', () => {
  assert.equal(printedMoney(123450, 'USD'), '$1,234.50')
  assert.equal(printedMoney(500, 'JPY'), '¥500')
  assert.equal(printedMoney(1234, 'KWD'), 'KWD\u00a01.234')
  assert.equal(printedMoney(-950, 'EUR'), '-€9.50')
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
