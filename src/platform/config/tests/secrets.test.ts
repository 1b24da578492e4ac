import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { parseDatabaseUrl } from '#platform/config/database-url'
import { loadSettings } from '#platform/config/load'
import { SettingsError } from '#platform/config/problems'
import { ensureSecrets, secretsFile } from '#platform/config/secrets'

/** Settings of a development server whose database is in a folder of its own. */
function inFolder(
  body: (folder: string, load: (env?: Record<string, string>) => Settings) => void,
) {
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-secrets-'))
  const url = `sqlite://${join(folder, 'shop.db')}`
  try {
    body(folder, (env = {}) =>
      loadSettings({ directory: folder, env: { APP__DATABASE_URL: url, ...env } }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
type Settings = ReturnType<typeof loadSettings>

it('secrets are made once, strong enough for production, and kept beside the database', () => {
  inFolder((folder, load) => {
    const first = ensureSecrets(load())
    assert.deepEqual(readdirSync(folder), ['shop.db.secrets.json'])
    assert.deepEqual(ensureSecrets(load()), first)
    assert(first.admin_password.length >= 12)
    const strict = load({
      APP__ENVIRONMENT: 'production',
      APP__PAYMENT_PROVIDER: 'test',
      APP__JWT_SECRET: first.jwt_secret,
      APP__PAYMENT_WEBHOOK_SECRET: first.payment_webhook_secret,
    })
    assert.equal(strict.jwt_secret, first.jwt_secret)
  })
})

it('the file of secrets is readable by its owner only, also after somebody opened it', () => {
  inFolder((folder, load) => {
    const file = join(folder, 'shop.db.secrets.json')
    ensureSecrets(load())
    assert.equal(statSync(file).mode & 0o777, 0o600)
    chmodSync(file, 0o644)
    ensureSecrets(load())
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })
})

it('a secret that is given wins over the kept one and is not written down', () => {
  inFolder((folder, load) => {
    const mine = 'a-long-word-of-my-own'
    const { admin_password, jwt_secret } = ensureSecrets(load({ APP__ADMIN_PASSWORD: mine }))
    assert.equal(admin_password, mine)
    assert.equal(ensureSecrets(load()).jwt_secret, jwt_secret)
    assert.doesNotMatch(readFileSync(join(folder, 'shop.db.secrets.json'), 'utf8'), /my-own/)
  })
})

it('a kept file that lacks a secret is completed, what it has stays', () => {
  inFolder((folder, load) => {
    const file = join(folder, 'shop.db.secrets.json')
    writeFileSync(file, '{"admin_password":"kept-from-before"}')
    const first = ensureSecrets(load())
    assert.equal(first.admin_password, 'kept-from-before')
    assert.deepEqual(ensureSecrets(load()), first)
  })
})

it('a folder that cannot be written is told with the file and a way out', () => {
  inFolder((folder, load) => {
    writeFileSync(join(folder, 'file'), '')
    const url = `sqlite://${join(folder, 'file', 'shop.db')}`
    assert.throws(
      () => ensureSecrets(load({ APP__DATABASE_URL: url })),
      (error) => {
        assert(error instanceof SettingsError)
        assert.match(error.message, /APP__JWT_SECRET .*shop\.db\.secrets\.json/)
        return true
      },
    )
  })
})

it('in memory nothing is kept, and in production nothing is made', () => {
  inFolder((folder, load) => {
    const memory = load({ APP__DATABASE_URL: 'sqlite::memory:' })
    assert.notEqual(ensureSecrets(memory).jwt_secret, ensureSecrets(memory).jwt_secret)
    const jwt = 'b3f1a97c2d4e5068'.repeat(4)
    const strict = load({ APP__ENVIRONMENT: 'production', APP__JWT_SECRET: jwt })
    assert.equal(ensureSecrets(strict).admin_password, '')
    assert.deepEqual(readdirSync(folder), [])
  })
  assert.equal(secretsFile('postgres://127.0.0.1/shop'), join('.tradepost', 'secrets.json'))
})

it('database addresses are read in every published form', () => {
  const file = (path: string, mode = 'rwc') => ({ engine: 'sqlite', path, mode })
  const forms = {
    'sqlite://tradepost.db?mode=rwc': file('tradepost.db'),
    'sqlite:shop.db': file('shop.db'),
    'sqlite:///var/lib/shop.db?mode=ro': file('/var/lib/shop.db', 'ro'),
    'sqlite:///var/my%20shop.db': file('/var/my shop.db'),
    'sqlite::memory:': file(':memory:'),
    'sqlite://:memory:': file(':memory:'),
    'sqlite://x.db?mode=memory': file(':memory:'),
    'postgresql://u:p@h/d': { engine: 'postgres', url: 'postgresql://u:p@h/d' },
  }
  for (const [url, address] of Object.entries(forms))
    assert.deepEqual(parseDatabaseUrl(url), address)
  assert.throws(() => parseDatabaseUrl('sqlite://shop.db?mode=wr'), /unknown mode "wr"/)
})
