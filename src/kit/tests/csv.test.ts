import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CsvError, type CsvRecord, csvLine, readCsv } from '../csv.ts'

/** Reads a text in pieces of this many bytes. */
async function read(text: string | Uint8Array, size = 1_000_000): Promise<CsvRecord[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  const records: CsvRecord[] = []
  for await (const record of readCsv(pieces)) records.push(record)
  return records
}
const cells = async (text: string) => (await read(text)).map((record) => record.cells)

describe('CSV', () => {
  it('is read with quotes, separators and line breaks inside of them', async () => {
    const text = 'a,"b, ""c""",\r\n"1\r\n2",,"" \n'.replace('"" \n', '""\n')
    assert.deepEqual(await cells(text), [
      ['a', 'b, "c"', ''],
      ['1\r\n2', '', ''],
    ])
  })

  it('may end its lines in any way, end without one, and have empty ones', async () => {
    assert.deepEqual(await cells('a,b\r\n1,2\n\n3,4\r5,6'), [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ])
    assert.deepEqual(await cells(''), [])
    assert.deepEqual(await cells('\n\r\n'), [])
  })

  it('may begin with a mark, and be written with semicolons or tabs', async () => {
    assert.deepEqual(await cells('\ufeffa;b\n1,5;2'), [
      ['a', 'b'],
      ['1,5', '2'],
    ])
    assert.deepEqual(await cells('a\tb,c\td\n'), [['a', 'b,c', 'd']])
    assert.deepEqual(await cells('"a,b,c";d\n1;2'), [
      ['a,b,c', 'd'],
      ['1', '2'],
    ])
    assert.deepEqual(await cells('sep=;\r\na;b,c,d\n'), [['a', 'b,c,d']])
  })

  it('tells the line that each record begins in', async () => {
    const records = await read('a,b\n"x\ny",1\n\nz,2\n')
    assert.deepEqual(
      records.map(({ line }) => line),
      [1, 2, 5],
    )
  })

  it('keeps a quote inside an unquoted cell', async () => {
    assert.deepEqual(await cells('size,n\n5" pipe,1\n'), [
      ['size', 'n'],
      ['5" pipe', '1'],
    ])
  })

  it('is refused with the line where a quote is never closed, or text follows one', async () => {
    const refusal = (text: string | Uint8Array, line: number, problem: RegExp) =>
      assert.rejects(read(text), (error) => {
        assert.ok(error instanceof CsvError)
        assert.equal(error.line, line)
        assert.match(error.message, problem)
        return true
      })

    await refusal('a,b\n1,"2\n3,4\n', 2, /never closed/)
    await refusal('a,b\n"1\n2"x,3\n', 3, /after a closing quote/)
    await refusal(Buffer.from([97, 10, 98, 0xff, 10]), 1, /not UTF-8/)
    await refusal(`a\n"${'x'.repeat(1_100_000)}`, 2, /never closed/)
  })

  it('is the same however it is cut, and comes back as it was printed', async () => {
    const random = seeded(3)
    const upTo = (n: number) => Math.floor(random() * n)
    const alphabet = ['a', 'é', '"', ',', ';', '\n', '\r\n', ' ', '€', '1', '']
    const letters = () => Array.from({ length: upTo(6) }, () => alphabet[upTo(11)]).join('')
    // A leading carriage return is printed as text, see below.
    const word = () => letters().replace(/^\r/, '')
    for (let round = 0; round < 300; round++) {
      const rows = Array.from({ length: 1 + upTo(5) }, () => [
        'x',
        ...Array.from({ length: 2 }, word),
      ])
      const text = [['h', 'h', 'h', 'h', 'h', 'h'], ...rows].map(csvLine).join('')
      const whole = await read(text)
      assert.deepEqual(
        whole.slice(1).map((record) => record.cells),
        rows,
      )
      assert.deepEqual(await read(text, 1 + upTo(7)), whole)
    }
  })

  it('is printed so that no spreadsheet runs what stands in it', () => {
    assert.equal(csvLine(['=1+1', '-5', 3, null, '@x']), "'=1+1,-5,3,,'@x\r\n")
  })
})

function seeded(seed: number) {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
