import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

const FOLDER = join(import.meta.dirname, 'specs/2026-04-08')
const BASE = 'https://ucp.dev/'

/** The published schemas of the release; each knows itself by its own address. */
const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }))
for (const file of globSync('{schemas,discovery}/**/*.json', { cwd: FOLDER })) {
  const schema = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
  const $id = file.startsWith('discovery') ? `${BASE}schemas/discovery/profile.json` : schema.$id
  // The profile stands in another folder than its own address says.
  const text = JSON.stringify(schema).replaceAll('"../schemas/', '"../')
  ajv.addSchema({ ...JSON.parse(text), $id })
}

const known = new Map<string, ValidateFunction>()

/** Fails with what is wrong if a value is not as the published schema of this name has it. */
export function assertIs(name: string, value: unknown): void {
  const check = known.get(name) ?? ajv.compile({ $ref: `${BASE}schemas/${name}` })
  known.set(name, check)
  assert.ok(check(value), `${name}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(value)}`)
}

type Entry = { type: string; amount: number }

/** Totals must add up to their last entry, exactly. */
export function assertAddsUp(totals: readonly Entry[]): void {
  const total = totals.find(({ type }) => type === 'total')?.amount
  const parts = totals.filter(({ type }) => type !== 'total')
  const sum = parts.reduce((sum, { amount }) => sum + amount, 0)
  assert.equal(sum, total, JSON.stringify(totals))
}
