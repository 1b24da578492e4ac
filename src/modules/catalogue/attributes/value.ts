import { invalidField } from '#platform/operations'
import type { AttributeType } from './tables.ts'

/** An attribute, as far as its values depend on it. */
export type Typed = { code: string; type: AttributeType; choices: readonly string[] }
export type StoredValue = { value: string; value_key: string; number_value: number | null }
type Given = string | number | boolean

const DECIMAL = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/
const MILLIONTHS = 6
const DATE = /^\d{4}-\d\d-\d\d$/

/** A value as sent, as its row keeps it. Throws `VALIDATION_FAILED` with the field. */
export function readValue(attribute: Typed, given: Given, field: string): StoredValue {
  if (attribute.type === 'number') return numberValue(given, field)
  const value = textOf(attribute, given, field)
  return { value, value_key: value.toLowerCase(), number_value: null }
}

function textOf({ type, choices }: Typed, given: Given, field: string): string {
  const text = String(given).trim()
  switch (type) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text
      throw invalidField(field, 'must be true or false')
    case 'date':
      if (DATE.test(text) && isDay(text)) return text
      throw invalidField(field, 'must be a day such as "2026-03-29"')
    case 'enum': {
      const choice = choices.find((known) => known.toLowerCase() === text.toLowerCase())
      if (choice !== undefined) return choice
      throw invalidField(field, `must be one of ${choices.slice(0, 20).join(', ')}`)
    }
    default:
      if (typeof given === 'string' && text !== '') return text
      throw invalidField(field, 'must be a text')
  }
}

/** Whether such a day was or will be: of 30 February only another day can be made. */
const isDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

function numberValue(given: Given, field: string): StoredValue {
  const millionths = typeof given === 'boolean' ? undefined : millionthsOf(String(given))
  if (millionths === undefined) {
    throw invalidField(field, 'must be a number of at most 9 digits and 6 decimals')
  }
  const value = numberText(millionths)
  return { value, value_key: value, number_value: millionths }
}

/** Millionths of a decimal number; undefined if it is none, or has more digits than we keep. */
export function millionthsOf(text: string): number | undefined {
  const parts = DECIMAL.exec(text.trim())
  if (!parts) return undefined
  const [, sign, whole = '', fraction = ''] = parts
  const units = Number(whole + fraction.padEnd(MILLIONTHS, '0'))
  return sign && units !== 0 ? -units : units
}

function numberText(millionths: number): string {
  const digits = String(Math.abs(millionths)).padStart(MILLIONTHS + 1, '0')
  const fraction = digits.slice(-MILLIONTHS).replace(/0+$/, '')
  const whole = digits.slice(0, -MILLIONTHS)
  return `${millionths < 0 ? '-' : ''}${whole}${fraction && `.${fraction}`}`
}

/** A stored value as it is answered. */
export function toldValue(type: AttributeType, value: string): Given {
  if (type === 'number') return Number(value)
  return type === 'boolean' ? value === 'true' : value
}
