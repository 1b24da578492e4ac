// Requests are refused as FastAPI does: a list with type, place, sentence and input of each fault
// (ecommerce-api.md, section 3; the sentences are those that clients of that framework know).

/** One fault of a request. */
export type Fault = {
  type: string
  loc: (string | number)[]
  msg: string
  input: unknown
  ctx?: Record<string, unknown>
}

/** A request that cannot be read; answered 422. */
export class Unreadable extends Error {
  readonly faults: readonly Fault[]
  constructor(faults: readonly Fault[]) {
    super('the request is not as documented')
    this.name = 'Unreadable'
    this.faults = faults
  }
}

type Problem = Omit<Fault, 'loc' | 'input'>
/** Reads a value, or says what is wrong with it. */
export type Reader<T> = (value: unknown) => { value: T } | { problem: Problem }
type Field = { read: Reader<unknown>; fallback?: unknown; required?: true }
/** The members of a request: each is required, or has a value that stands in for it. */
export type Fields = Record<string, Field>

export const required = (read: Reader<unknown>): Field => ({ read, required: true })
export const optional = (read: Reader<unknown>, fallback?: unknown): Field => ({ read, fallback })

const fault = (type: string, msg: string, ctx?: Record<string, unknown>) => ({
  problem: { type, msg, ...(ctx && { ctx }) },
})

/** A text of so many characters, counted before it is trimmed. */
export const text =
  (min: number, max: number): Reader<string> =>
  (value) => {
    if (typeof value !== 'string') return fault('string_type', 'Input should be a valid string')
    const length = [...value].length
    if (length < min) {
      const ctx = { min_length: min }
      return fault('string_too_short', `String should have at least ${plural(min)}`, ctx)
    }
    if (length > max) {
      const ctx = { max_length: max }
      return fault('string_too_long', `String should have at most ${plural(max)}`, ctx)
    }
    return { value }
  }

const plural = (count: number) => `${count} character${count === 1 ? '' : 's'}`

/** A text that may be null. */
export const orNull =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value) =>
    value === null ? { value } : read(value)

const WHOLE = /^\s*[+-]?\d{1,15}(\.0+)?\s*$/

/** A whole number; texts that are one count as one. */
export const whole =
  ({ min, max }: { min: number; max?: number }): Reader<number> =>
  (given) => {
    const value = wholeOf(given)
    if (typeof value !== 'number') return value
    if (value < min) {
      return fault('greater_than_equal', `Input should be greater than or equal to ${min}`, {
        ge: min,
      })
    }
    if (max !== undefined && value > max) {
      return fault('less_than_equal', `Input should be less than or equal to ${max}`, { le: max })
    }
    return { value }
  }

function wholeOf(given: unknown): number | ReturnType<typeof fault> {
  if (typeof given === 'boolean') return given ? 1 : 0
  if (typeof given === 'string') {
    if (WHOLE.test(given)) return Number(given)
    const msg = 'Input should be a valid integer, unable to parse string as an integer'
    return fault('int_parsing', msg)
  }
  if (typeof given !== 'number') return fault('int_type', 'Input should be a valid integer')
  if (Number.isSafeInteger(given)) return given
  const msg = 'Input should be a valid integer, got a number with a fractional part'
  return fault('int_from_float', msg)
}

const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/
const NOT_FINITE = /^\s*[+-]?(nan|snan|inf|infinity)\s*$/i
/** Digits before and after the point: far beyond any price. */
const DIGITS_MAX = 30

/** A decimal above zero, as plain text without an exponent. */
export const positiveDecimal: Reader<string> = (given) => {
  if (typeof given !== 'string' && typeof given !== 'number') {
    const msg = 'Decimal input should be an integer, float, string or Decimal object'
    return fault('decimal_type', msg)
  }
  if (NOT_FINITE.test(String(given))) {
    return fault('finite_number', 'Input should be a finite number')
  }
  const plain = plainDecimal(String(given))
  if (plain === undefined) return fault('decimal_parsing', 'Input should be a valid decimal')
  if (plain.startsWith('-') || !/[1-9]/.test(plain)) {
    return fault('greater_than', 'Input should be greater than 0', { gt: 0 })
  }
  return { value: plain }
}

function plainDecimal(given: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(given) ?? []
  if (whole + fraction === '') return undefined
  const point = whole.length + Number(exponent)
  if (point > DIGITS_MAX || fraction.length - Number(exponent) > DIGITS_MAX) return undefined
  const digits = (whole + fraction).padEnd(Math.max(point, 0), '0')
  const before = point > 0 ? digits.slice(0, point).replace(/^0+(?=\d)/, '') : '0'
  const after = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  const minus = sign === '-' ? '-' : ''
  return after === '' ? minus + before : `${minus}${before}.${after}`
}

const YES = new Set(['1', 'true', 't', 'yes', 'y', 'on'])
const NO = new Set(['0', 'false', 'f', 'no', 'n', 'off'])

/** Yes or no, in any of the words for it. */
export const yesOrNo: Reader<boolean> = (given) => {
  if (typeof given === 'boolean') return { value: given }
  const word = String(given).toLowerCase()
  if (YES.has(word)) return { value: true }
  if (NO.has(word)) return { value: false }
  const msg = 'Input should be a valid boolean, unable to interpret input'
  return fault('bool_parsing', msg)
}

/** An address by its length alone; whether it can be one is looked at afterwards. */
export const email: Reader<string> = (given) => {
  const read = text(5, 255)(given)
  if ('problem' in read || /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(read.value.trim())) return read
  return fault('value_error', 'value is not a valid email address', {
    reason: 'It must look like name@example.com.',
  })
}

/** Reads the members of a body or a query. Throws `Unreadable` with everything that is wrong. */
export function readFields(
  where: 'body' | 'query',
  fields: Fields,
  given: unknown,
): Record<string, unknown> {
  if (given === undefined && where === 'body') {
    throw new Unreadable([{ type: 'missing', loc: ['body'], msg: 'Field required', input: null }])
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const msg = 'Input should be a valid dictionary or object to extract fields from'
    throw new Unreadable([{ type: 'model_attributes_type', loc: [where], msg, input: given }])
  }
  const members = given as Record<string, unknown>
  const faults: Fault[] = []
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const input = where === 'query' ? lastOf(members[name]) : members[name]
    const loc = [where, name]
    if (input === undefined) {
      if (field.required) faults.push({ type: 'missing', loc, msg: 'Field required', input: given })
      else if (field.fallback !== undefined) values[name] = field.fallback
      continue
    }
    const read = field.read(input)
    if ('problem' in read) faults.push({ ...ordered(read.problem, { loc, input }) })
    else values[name] = read.value
  }
  if (faults.length > 0) throw new Unreadable(faults)
  return values
}

const lastOf = (value: unknown) => (Array.isArray(value) ? value.at(-1) : value)

const ordered = ({ type, msg, ctx }: Problem, { loc, input }: Pick<Fault, 'loc' | 'input'>) => ({
  type,
  loc,
  msg,
  input,
  ...(ctx && { ctx }),
})
