import { type Static, type TSchema, Type } from 'typebox'

/** An instant: ISO 8601, UTC, milliseconds, as `2026-03-29T00:59:59.999Z`. */
export const Instant = Type.String({
  format: 'date-time',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
  examples: ['2026-03-29T00:59:59.999Z'],
})

/** An instant in a request: RFC 3339 with any offset; see `toInstant`. */
export const InstantInput = Type.String({ format: 'date-time', maxLength: 40 })

/** A value or null, as an optional column stores it. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A JSON document in one column. `schema` says what it holds. */
export const Json = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T>>({ ...schema, column: 'json' })

/**
 * One line of text: no control characters, no unpaired surrogates (broken UTF-8 after decoding).
 */
export const Text = (
  maxLength: number,
  options: { minLength?: number; description?: string } = {},
) => Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$', ...options })

/** Several lines of text: tabs and line breaks allowed, no other control characters. */
export const LongText = (maxLength: number, options: { description?: string } = {}) =>
  Type.String({
    maxLength,
    pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
    ...options,
  })

/** Milliseconds in UTC of an RFC 3339 instant, as the house writes it. */
export const toInstant = (text: string): string => new Date(text).toISOString()
