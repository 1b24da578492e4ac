import type { TObject, TSchema } from 'typebox'
import { invalidField, type Operation } from '#platform/operations'
import { cleanerOf } from './clean.ts'

type Reader = (text: string) => unknown
type Members = Record<string, unknown>

/**
 * Makes the function that gathers an operation's input from path, query and body. Path and query
 * are text, so their members are read by the type that the schema names; what does not read stays
 * text and is refused by the schema. Path members win. Members that the schema does not know are
 * left out, so that nothing a caller invents travels further than this.
 */
export function inputReader(operation: Operation, method: string) {
  const { properties } = operation.input as TObject
  const readers = new Map(
    Object.entries(properties).map(([name, schema]) => [name, readerOf(schema)] as const),
  )
  const fromQuery =
    method === 'GET' || method === 'DELETE' ? readers.keys() : (operation.query ?? [])
  const queryReaders = new Map([...fromQuery].map((name) => [name, readers.get(name) ?? asIs]))

  const clean = cleanerOf(operation.input as never) ?? ((body: unknown) => body)

  return (params: Members, query: Members, body: unknown): Members => {
    let input: Members = {}
    if (body !== undefined && method !== 'GET') {
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        throw invalidField('body', 'must be an object')
      }
      input = clean(body) as Members
    }
    for (const name in query) {
      const reader = queryReaders.get(name)
      if (reader) input[name] = read(reader, query[name])
    }
    for (const name in params) input[name] = read(readers.get(name) ?? asIs, params[name])
    return input
  }
}

const asIs: Reader = (text) => text

function read(reader: Reader, value: unknown): unknown {
  if (typeof value === 'string') return reader(value)
  // `?id=1&id=2`: a list where the schema wants one, refused there wherever it does not.
  return Array.isArray(value) ? value.flatMap((text) => reader(String(text))) : value
}

const INTEGER = /^-?\d{1,16}$/
const DECIMAL = /^-?\d{1,16}(\.\d{1,10})?$/
const YES_OR_NO: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])

function readerOf(schema: TSchema): Reader {
  const { type, items } = schema as { type?: string; items?: TSchema }
  if (type === 'integer') return (text) => (INTEGER.test(text) ? Number(text) : text)
  if (type === 'number') return (text) => (DECIMAL.test(text) ? Number(text) : text)
  if (type === 'boolean') return (text) => YES_OR_NO.get(text) ?? text
  if (type !== 'array') return asIs
  const item = items ? readerOf(items) : asIs
  return (text) => text.split(',').map((part) => item(part))
}
