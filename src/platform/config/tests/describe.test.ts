import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { parse } from 'smol-toml'
import { defaultToml, describeSettings } from '#platform/config/describe'
import { loadSettings } from '#platform/config/load'

const NOWHERE = join(import.meta.dirname, 'no-such-folder')

it('config/default.toml is what the schema says today', () => {
  const file = join(import.meta.dirname, '../../../../config/default.toml')
  assert.equal(readFileSync(file, 'utf8'), defaultToml(), 'stale: npm run docs')
})

it('config/default.toml changes nothing, and with every # taken away still changes nothing', () => {
  assert.deepEqual(Object.keys(parse(defaultToml())), [])
  const uncommented = parse(defaultToml().replace(/^#(\w+ = )/gm, '$1'))
  const given = Object.entries(uncommented).filter(([, value]) => value !== '')
  const settings = loadSettings({ env: {}, directory: NOWHERE }) as Record<string, unknown>
  for (const [name, value] of given) assert.deepEqual(value, settings[name], name)
  assert.deepEqual(
    Object.keys(uncommented),
    describeSettings().map(({ name }) => name),
  )
})

it('every setting is described, with its variable, type and default', () => {
  for (const setting of describeSettings()) {
    assert.match(setting.description, /^\S.{15,}\.$/, setting.name)
    assert.equal(setting.variable, `APP__${setting.name.toUpperCase()}`)
  }
  const port = describeSettings().find(({ name }) => name === 'port')
  assert.equal(port?.default, '8080')
  assert.equal(port?.type, 'whole number from 0 to 65535')
  const seed = describeSettings().find(({ name }) => name === 'seed')
  assert.equal(seed?.default, 'demo (development); none (test, production)')
})
