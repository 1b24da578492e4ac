import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Schema = { $defs: Record<string, any> }

const read = (version: string, name: string): Schema =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'specs', version, 'json-schema', name), 'utf8'))

/**
 * The published files with their known faults mended in memory: the order of a completed session is
 * a member that its own base forbids in 2025-09-29 and 2026-01-30, and one bound is of an older
 * dialect of JSON Schema.
 */
function mended(version: string): Schema {
  const schema = read(version, 'schema.agentic_checkout.json')
  const { CheckoutSessionBase: base, Item: item } = schema.$defs
  base.properties.order ??= { $ref: '#/$defs/Order' }
  if (item.properties.quantity?.exclusiveMinimum === true) {
    item.properties.quantity = { type: 'number', exclusiveMinimum: 0 }
  }
  return schema
}

const compiled = new Map<string, ValidateFunction>()

function validatorOf(version: string, name: string): ValidateFunction {
  const key = `${version} ${name}`
  const known = compiled.get(key)
  if (known) return known
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false })
  addFormats.default(ajv)
  ajv.addSchema({ ...mended(version), $id: 'schema.agentic_checkout.json' })
  if (name === 'Cart')
    ajv.addSchema({ ...read(version, 'schema.cart.json'), $id: 'schema.cart.json' })
  const file = name === 'Cart' ? 'schema.cart.json' : 'schema.agentic_checkout.json'
  const validate = ajv.getSchema(`${file}#/$defs/${name}`) as ValidateFunction
  assert.ok(validate, `${version} defines no ${name}`)
  compiled.set(key, validate)
  return validate
}

/** Fails unless a body is what the schema of a version calls by this name. */
export function assertValid(
  version: string,
  name: 'CheckoutSession' | 'Error' | 'Cart',
  body: unknown,
) {
  const validate = validatorOf(version, name)
  const isValid = validate(body)
  const problems = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
  assert.ok(isValid, `${version} ${name}: ${problems.join('; ')}\n${JSON.stringify(body)}`)
}
