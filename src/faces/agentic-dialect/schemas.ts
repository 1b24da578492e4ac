import { type Static, type TSchema, Type } from 'typebox'
import { checker } from '#kit/checker'
import { LongText, Nullable, Text } from '#kit/schemas'
import { dialectErrors } from './errors.ts'

const or = <T extends TSchema>(schema: T) => Type.Optional(Nullable(schema))
const NOT_BLANK = { pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$' }
const filled = (maxLength: number) => Type.String({ minLength: 1, maxLength, ...NOT_BLANK })

export const DialectAddress = Type.Object({
  name: or(Text(256, { minLength: 0 })),
  line1: filled(200),
  line2: or(Text(200, { minLength: 0 })),
  city: filled(100),
  region: or(Text(100, { minLength: 0 })),
  postal_code: filled(20),
  country: Type.String({ pattern: '^(?!XX)[A-Z]{2}$' }),
  phone: or(Type.String({ pattern: '^\\+[0-9]{10,15}$' })),
  email: or(Type.String({ format: 'email', minLength: 3, maxLength: 254 })),
})
export type DialectAddress = Static<typeof DialectAddress>

const Customer = Type.Object({
  billing_address: or(DialectAddress),
  shipping_address: or(DialectAddress),
})
const Fulfillment = Type.Object({ selected_id: or(Text(200)) })
const Items = Type.Array(
  Type.Object({ id: Text(200), quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }) }),
  { maxItems: 500 },
)
const said = { customer: or(Customer), fulfillment: or(Fulfillment) }

export const Create = Type.Object({ items: Items, ...said })
export type Create = Static<typeof Create>
export const Update = Type.Object({ items: or(Items), ...said })
export type Update = Static<typeof Update>
export const Complete = Type.Object({
  payment: Type.Object({ delegated_token: or(Text(255)), method: or(LongText(255)) }),
  ...said,
})
export type Complete = Static<typeof Complete>

/** Reads a body as `schema` has it; refuses the first member that is wrong, by name. */
export function reader<T extends TSchema>(schema: T): (body: unknown) => Static<T> {
  const validator = checker(schema)
  return (body) => {
    if (validator.Check(body)) return body as Static<T>
    const [first] = validator.Errors(body ?? {}) as { instancePath: string; message: string }[]
    const missing = (first as { params?: { requiredProperties?: string[] } })?.params
      ?.requiredProperties
    const path = [...(first?.instancePath.split('/').slice(1) ?? []), missing?.[0] ?? '']
    const field = path.filter(Boolean).join('.') || 'body'
    const problem = missing ? 'is required' : (first?.message ?? 'is not as documented')
    throw dialectErrors.invalid({ field, problem })
  }
}
