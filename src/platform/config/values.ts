import { nearestName } from '#platform/config/problems'

/** The part of JSON Schema that settings use. */
export type SettingSchema = {
  type?: 'string' | 'integer' | 'boolean' | 'array'
  enum?: readonly string[]
  minimum?: number
  maximum?: number
  minLength?: number
  pattern?: string
  /** The pattern in words, behind «must». */
  must?: string
  secret?: boolean
  decimal?: boolean
  description?: string
  default?: unknown
  defaults?: Record<string, unknown>
  variable?: string
}

/** A value of the schema's type, or why there is none; `unset` is the same as not given. */
export type Reading =
  | { readonly value: unknown }
  | { readonly refused: string; readonly nearest?: string }

const WORDS: Record<string, boolean> = { true: true, yes: true, on: true, '1': true }
const NO_WORDS: Record<string, boolean> = { false: false, no: false, off: false, '0': false }

/** Reads one setting, from the text of a variable or from a value of a TOML file. */
export function readValue(given: unknown, schema: SettingSchema): Reading {
  if (schema.enum) return readWord(given, schema.enum)
  if (schema.type === 'boolean') return readBoolean(given)
  if (schema.type === 'integer') return readInteger(given, schema)
  if (schema.type === 'array') return readList(given, schema)
  return readText(given, schema)
}

function readWord(given: unknown, words: readonly string[]): Reading {
  const word = String(given).toLowerCase()
  if (words.includes(word)) return { value: word }
  const nearest = nearestName(word, words)
  return {
    refused: `must be one of ${words.join(', ')}, not ${show(given)}`,
    ...(nearest && { nearest }),
  }
}

function readBoolean(given: unknown): Reading {
  const word = String(given).toLowerCase()
  const value = WORDS[word] ?? NO_WORDS[word]
  return value === undefined ? { refused: `must be true or false, not ${show(given)}` } : { value }
}

function readInteger(given: unknown, schema: SettingSchema): Reading {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema
  const number = typeof given === 'string' && /^[+-]?\d+$/.test(given) ? Number(given) : given
  if (Number.isSafeInteger(number) && Number(number) >= minimum && Number(number) <= maximum) {
    return { value: number }
  }
  return { refused: `must be a whole number from ${minimum} to ${maximum}, not ${show(given)}` }
}

function readText(given: unknown, schema: SettingSchema): Reading {
  const shown = schema.secret ? '' : `, not ${show(given)}`
  const text = schema.decimal && typeof given === 'number' ? String(given) : given
  if (typeof text !== 'string') return { refused: `must be text${shown}` }
  if (text.length < (schema.minLength ?? 0)) return { refused: 'must not be empty' }
  if (schema.pattern && !new RegExp(schema.pattern).test(text)) {
    return { refused: `must ${schema.must ?? `match ${schema.pattern}`}${shown}` }
  }
  return { value: text }
}

/** A list is an array in TOML and comma-separated in a variable. */
function readList(given: unknown, schema: SettingSchema): Reading {
  const items = typeof given === 'string' ? given.split(',').map((item) => item.trim()) : given
  if (!Array.isArray(items) || items.some((item) => typeof item !== 'string')) {
    return { refused: `must be a list of texts${schema.secret ? '' : `, not ${show(given)}`}` }
  }
  return { value: Object.freeze(items.filter((item) => item !== '')) }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
