import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { checker } from '#kit/checker'
import { Nullable } from '#kit/schemas'
import { Email } from '#modules/access'
import { invalid } from './refusals.ts'

// The members that requests of several versions share, and how a body is read by a schema. What a
// schema does not know is ignored: agents send what later versions will define.

/** A member that may be missing; null clears what was said before. */
export const or = <T extends TSchema>(schema: T) => Type.Optional(Nullable(schema))
export const text = (maxLength: number, minLength = 0) => Type.String({ minLength, maxLength })
const flat = Type.Record(
  Type.String({ maxLength: 100 }),
  Type.Union([Type.String({ maxLength: 1000 }), Type.Number(), Type.Boolean()]),
  { maxProperties: 50 },
)

export const Address = Type.Object({
  name: text(256, 1),
  company: or(text(200)),
  line_one: text(200, 1),
  line_two: or(text(200)),
  city: text(100, 1),
  state: text(100),
  postal_code: text(20, 1),
  country: Type.String({ pattern: '^[A-Za-z]{2}$' }),
})
export type Address = Static<typeof Address>

export const Details = Type.Object({
  name: or(text(256)),
  phone_number: or(text(40)),
  email: or(Email),
  address: or(Address),
})
export type Details = Static<typeof Details>

export const Items = Type.Array(
  Type.Object({
    id: Type.Optional(text(200, 1)),
    item: Type.Optional(Type.Object({ id: text(200, 1) })),
    quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  }),
  { minItems: 1, maxItems: 500 },
)
export type Items = Static<typeof Items>

export const Attribution = Type.Object({
  provider: text(200, 1),
  token: or(text(2000)),
  publisher_id: or(text(200)),
  campaign_id: or(text(200)),
  creative_id: or(text(200)),
  sub_id: or(text(200)),
  source: or(Type.Object({ type: Type.Enum(['url', 'platform', 'unknown']), url: or(text(2000)) })),
  issued_at: or(text(40)),
  expires_at: or(text(40)),
  metadata: or(flat),
  touchpoint: or(Type.Enum(['first', 'last'])),
})
export type Attribution = Static<typeof Attribution>

/** Why an agent gives up. A reason that nobody knows must not keep it from that. */
export const Cancel = Type.Object({
  intent_trace: or(
    Type.Object({
      reason_code: text(100, 1),
      trace_summary: or(text(500)),
      metadata: or(flat),
    }),
  ),
})
export type Cancel = Static<typeof Cancel>

/**
 * A result of 3-D Secure. `outcome` is each version's own word; `outcome_details` prove the good
 * ones.
 */
export const authenticationResult = (outcomes: readonly string[]) =>
  Type.Object({
    outcome: Type.Enum([...outcomes]),
    outcome_details: or(
      Type.Object({
        three_ds_cryptogram: text(200, 1),
        electronic_commerce_indicator: text(2, 1),
        transaction_id: text(200, 1),
        version: text(20, 1),
      }),
    ),
  })

type Problem = { instancePath: string; message: string; params?: object }

/** Makes the function that reads a body by a schema, and refuses the first member that is wrong. */
export function readerOf<S extends TObject>(schema: S): (body: unknown) => Static<S> {
  const check = checker(schema)
  return (body) => {
    if (body === undefined || body === null || typeof body !== 'object' || Array.isArray(body)) {
      throw invalid('$', 'The body must be a JSON object.')
    }
    if (check.Check(body)) return body
    throw firstProblem(check.Errors(body))
  }
}

function firstProblem(errors: Iterable<Problem>) {
  for (const { instancePath, message, params } of errors) {
    const [missing] = (params as { requiredProperties?: string[] })?.requiredProperties ?? []
    const param = pathOf(instancePath) + (missing === undefined ? '' : `.${missing}`)
    if (missing !== undefined) return invalid(param, `${missing} is required.`, 'missing')
    return invalid(param, `This ${message}.`)
  }
  return invalid('$', 'The body is not as the schema says.')
}

const pathOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`), '$')
