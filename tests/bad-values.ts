import type { TSchema } from 'typebox'
import { NOBODYS_ID } from './requests.ts'

type Schema = {
  type?: string
  format?: string
  items?: Schema
  properties?: Record<string, Schema>
  anyOf?: Schema[]
  required?: string[]
}

/** Text that breaks careless programs. */
const TEXTS = [
  '',
  ' ',
  "'; drop table orders; --",
  "' or '1'='1",
  '%_\\',
  '<script>alert(1)</script>',
  '{{7*7}}#{7*7}',
  '../../../etc/passwd',
  '😀🏳️‍🌈',
  'e\u0301',
  '\u202eabc',
  'a\u0001b',
  'a\nb',
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '0x10',
  '1.005',
  '0.00001',
  '-1',
  '0',
  '9007199254740993',
  '99999999999999999999999999',
  '2026-02-30T00:00:00Z',
  '0000-00-00',
  NOBODYS_ID,
  NOBODYS_ID.toUpperCase(),
  'x'.repeat(300),
]
const LONG_TEXT = 'x'.repeat(200_000)

/** JSON literals: `1e400` is a number to a reader of JSON, and no number to us. */
const NUMBERS = [
  '0',
  '-1',
  '-0',
  '1.5',
  '0.000001',
  '9007199254740991',
  '9007199254740993',
  '1e15',
  '1e21',
  '1e400',
  '-1e400',
]
const OTHERS = [
  'null',
  'true',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{"a":{"b":[1]}}',
  '""',
  '"x"',
  '1',
  '"\\ud83d\\ude00"',
]

/** JSON texts of values to put in place of a member of a body. */
export function badValues(schema: TSchema): string[] {
  return [
    ...OTHERS,
    ...NUMBERS,
    ...TEXTS.map((text) => JSON.stringify(text)),
    JSON.stringify(LONG_TEXT),
  ]
    .concat(nested(schema as Schema))
    .filter((value, nth, all) => all.indexOf(value) === nth)
}

/** The same for members that travel as text, in the path or in the query. */
export const badTexts = (): string[] => [
  ...TEXTS,
  'true',
  'null',
  '[]',
  'a,b',
  '1,2,3',
  'x'.repeat(2000),
]

/** A list or an object that is right but for one of its parts. */
function nested({ type, items, properties, anyOf }: Schema): string[] {
  if (anyOf) return anyOf.flatMap(nested)
  if (type === 'array' && items) {
    const many = `[${Array(2000).fill(sample(items)).join()}]`
    return [
      ...['null', '"x"', '1', '-1', '{}', '1e400'].map((item) => `[${item}]`),
      many,
      ...nested(items).map((item) => `[${item}]`),
    ]
  }
  if (type !== 'object' || !properties) return []
  return Object.keys(properties).flatMap((name) => {
    const others = Object.entries(properties).filter(([other]) => other !== name)
    const rest = others.map(([other, schema]) => `${JSON.stringify(other)}:${sample(schema)}`)
    return [
      'null',
      '"x"',
      '-1',
      '1e400',
      '1.5',
      '9007199254740993',
      '{}',
      '[]',
      JSON.stringify('x'.repeat(5000)),
      undefined,
    ].map(
      (value) =>
        `{${[...rest, ...(value === undefined ? [] : [`${JSON.stringify(name)}:${value}`])].join()}}`,
    )
  })
}

/** Something that a schema is likely to take. */
function sample({ type, format, items, properties = {}, anyOf, required = [] }: Schema): string {
  if (anyOf?.[0]) return sample(anyOf[0])
  if (type === 'array') return items ? `[${sample(items)}]` : '[]'
  if (type === 'integer' || type === 'number') return '1'
  if (type === 'boolean') return 'true'
  if (type === 'object') {
    return `{${required.map((name) => `${JSON.stringify(name)}:${sample(properties[name] ?? {})}`).join()}}`
  }
  if (format === 'uuid') return JSON.stringify(NOBODYS_ID)
  return format === 'date-time' ? '"2030-01-01T00:00:00Z"' : '"x"'
}
