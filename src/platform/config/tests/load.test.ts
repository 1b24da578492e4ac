import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { loadSettings } from '#platform/config/load'
import { SettingsError } from '#platform/config/problems'

type Files = Record<string, string>
type Env = Record<string, string>

/** Loads from nothing but what is given here. */
function load(env: Env = {}, files: Files = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'tradepost-config-'))
  try {
    mkdirSync(directory, { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
    return loadSettings({ env, directory })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function problemsOf(env: Env, files: Files = {}) {
  try {
    load(env, files)
  } catch (error) {
    assert(error instanceof SettingsError, String(error))
    return error.problems
  }
  assert.fail('was accepted')
}

const PRODUCTION = { APP__ENVIRONMENT: 'production' }
const GOOD_SECRET = 'b3f1a97c2d4e5068'.repeat(4)

describe('settings', () => {
  it('have the documented defaults when nothing is given', () => {
    const settings = load()
    assert.equal(settings.database_url, 'sqlite://tradepost.db?mode=rwc')
    assert.equal(settings.port, 8080)
    assert.equal(settings.host, '0.0.0.0')
    assert.equal(settings.jwt_expiration, 3600)
    assert.equal(settings.rate_limit_requests_per_window, 100)
    assert.equal(settings.environment, 'development')
    assert.equal(settings.seed, 'demo')
    assert.equal('redis_url' in settings, false)
    assert(Object.isFrozen(settings))
  })

  it('come from default.toml, then the file of the stage, then docker.toml, then variables', () => {
    const files = {
      'default.toml': 'port = 1\nhost = "a"\ndb_max_connections = 3\nlog_level = "warn"',
      'staging.toml': 'port = 2\nhost = "b"\nlog_level = "error"\njwt_secret = "JWT"\n'.replace(
        'JWT',
        GOOD_SECRET,
      ),
      'docker.toml': 'port = 3\nhost = "c"',
    }
    const settings = load({ RUN_ENV: 'staging', DOCKER: '1', APP__PORT: '4' }, files)
    assert.deepEqual(
      [settings.port, settings.host, settings.log_level, settings.db_max_connections],
      [4, 'c', 'error', 3],
    )
    assert.equal(settings.environment, 'production', 'an unknown stage is a strict one')
    assert.equal(load({ APP_ENV: 'test' }, files).port, 1)
  })

  it('are read from variables by type, in upper or lower case', () => {
    const settings = load({
      app__port: '9000',
      APP__LOG_JSON: 'TRUE',
      APP__CORS_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
      APP__RATE_LIMIT_PATH_POLICIES: '/api/v1/orders:60:60,/api/v1/inventory:120:60',
      APP__LOG_LEVEL: 'Debug',
    })
    assert.equal(settings.port, 9000)
    assert.equal(settings.log_json, true)
    assert.deepEqual(settings.cors_allowed_origins, ['https://a.example', 'https://b.example'])
    assert.equal(settings.rate_limit_path_policies.length, 2)
    assert.equal(settings.log_level, 'debug')
  })

  it('are not given by an empty variable, and an optional one is unset by it', () => {
    const files = { 'default.toml': 'port = 7\nredis_url = "redis://127.0.0.1:6379"' }
    const settings = load({ APP__PORT: '', APP__REDIS_URL: '' }, files)
    assert.equal(settings.port, 7)
    assert.equal(settings.redis_url, undefined)
  })

  it('take a tax rate as a number or as text, exactly, and refuse what is no share', () => {
    assert.equal(load().default_tax_rate, '0.08')
    assert.equal(
      load({}, { 'default.toml': 'default_tax_rate = 0.0875' }).default_tax_rate,
      '0.0875',
    )
    assert.equal(load({ APP__DEFAULT_TAX_RATE: '0.19' }).default_tax_rate, '0.19')
    for (const wrong of ['8', '-0.1', '1.1', '0.0000001', '8 %', '1e-7']) {
      assert.equal(problemsOf({ APP__DEFAULT_TAX_RATE: wrong }).length, 1, wrong)
      if (wrong === '8 %') continue
      assert.equal(problemsOf({}, { 'default.toml': `default_tax_rate = ${wrong}` }).length, 1)
    }
  })

  it('take the standard OpenTelemetry variable unless ours is given', () => {
    const standard = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }
    const ours = { APP__OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9999' }
    assert.equal(load(standard).otel_exporter_otlp_endpoint, 'http://127.0.0.1:4318')
    assert.equal(
      load({ ...standard, ...ours }).otel_exporter_otlp_endpoint,
      'http://127.0.0.1:9999',
    )
  })

  it('are refused all at once, with name, source, reason and the nearest valid name', () => {
    const problems = problemsOf(
      { APP__PROT: '1', APP__PORT: 'http', APP__LOG_LEVEL: 'inof', APP__ZZZZ: '1' },
      { 'default.toml': 'databse_url = "x"\nport = 70000' },
    )
    assert.deepEqual(
      problems.map(({ name, source, nearest }) => [name, source, nearest]),
      [
        ['databse_url', 'config/default.toml', 'database_url'],
        ['port', 'config/default.toml', undefined],
        ['APP__PROT', 'environment', 'APP__PORT'],
        ['APP__PORT', 'environment', undefined],
        ['APP__LOG_LEVEL', 'environment', 'info'],
        ['APP__ZZZZ', 'environment', undefined],
      ],
    )
    const { message } = new SettingsError(problems)
    assert.match(message, /^6 settings are not right:\n/)
    assert.match(message, /APP__PROT \(environment\) is no .*; did you mean APP__PORT\?/)
    assert.match(message, /must be a whole number from 0 to 65535, not "http"/)
  })

  it('say that a published setting of another release is not here, nested ones too', () => {
    const [nested, flat] = problemsOf({ APP__CACHE__CAPACITY: '1', APP__GRPC_PORT: '1' })
    assert.match(nested?.reason ?? '', /this release does not have/)
    assert.match(flat?.reason ?? '', /this release does not have/)
  })

  it('never print the value of a secret', () => {
    const secret = 'redis-password-of-mine'
    const files = { 'default.toml': 'admin_password = 1234567' }
    const problems = problemsOf({ APP__REDIS_URL: secret, APP__JWT_SECRET: secret }, files)
    assert.equal(problems.length, 3)
    assert.doesNotMatch(JSON.stringify(problems), /of-mine|1234567/)
  })

  it('refuse a file that is not TOML, and a stage that is no file name', () => {
    const [broken] = problemsOf({}, { 'default.toml': 'port = = 1' })
    assert.equal(broken?.source, 'config/default.toml')
    const [stage] = problemsOf({ RUN_ENV: '../../etc/passwd' })
    assert.equal(stage?.name, 'RUN_ENV')
  })
})

describe('settings that must agree', () => {
  const cases: [string, Env, string][] = [
    ['the default page fits the largest', { APP__API_MAX_PAGE_SIZE: '5' }, 'API_DEFAULT_PAGE_SIZE'],
    ['idle connections fit the pool', { APP__DB_MAX_CONNECTIONS: '1' }, 'DB_MIN_CONNECTIONS'],
    ['a policy has three parts', { APP__RATE_LIMIT_PATH_POLICIES: '/a:1' }, 'PATH_POLICIES'],
    ['a policy allows something', { APP__RATE_LIMIT_USER_POLICIES: 'u:0:60' }, 'USER_POLICIES'],
    ['a SQLite address names a file', { APP__DATABASE_URL: 'sqlite://' }, 'DATABASE_URL'],
    ['a database is one of ours', { APP__DATABASE_URL: 'mysql://h/d' }, 'DATABASE_URL'],
    ['a first password is long', { APP__ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD'],
    [
      'credentials are not for everybody',
      { APP__CORS_ALLOW_ANY_ORIGIN: 'true', APP__CORS_ALLOW_CREDENTIALS: 'true' },
      'CORS_ALLOW_CREDENTIALS',
    ],
  ]
  for (const [promise, env, name] of cases) {
    it(promise, () => {
      const problems = problemsOf(env)
      assert.equal(problems.length, 1)
      assert.match(problems[0]?.name ?? '', new RegExp(`${name}$`))
    })
  }
})

describe('production', () => {
  it('demands a signing secret, and a webhook secret when there is a payment provider', () => {
    const bare = problemsOf(PRODUCTION)
    assert.deepEqual(
      bare.map(({ name, source }) => [name, source]),
      [['APP__JWT_SECRET', 'not given']],
    )
    const paying = problemsOf({
      ...PRODUCTION,
      APP__JWT_SECRET: GOOD_SECRET,
      APP__PAYMENT_PROVIDER: 'test',
    })
    assert.deepEqual(
      paying.map(({ name }) => name),
      ['APP__PAYMENT_WEBHOOK_SECRET'],
    )
  })

  it('starts with good secrets, an empty shop and JSON logs', () => {
    const settings = load({ ...PRODUCTION, APP__JWT_SECRET: GOOD_SECRET })
    assert.deepEqual(
      [settings.seed, settings.log_json, settings.payment_provider],
      ['none', true, 'none'],
    )
  })

  const weak = {
    'short ones': GOOD_SECRET.slice(1),
    'few characters': 'abcabcabc'.repeat(8),
    'words from examples': `${GOOD_SECRET}-changeme`,
  }
  for (const [kind, jwt_secret] of Object.entries(weak)) {
    it(`and development refuse weak signing secrets: ${kind}`, () => {
      for (const env of [{}, PRODUCTION]) {
        const problems = problemsOf({ ...env, APP__JWT_SECRET: jwt_secret })
        assert.deepEqual(
          problems.map(({ name }) => name),
          ['APP__JWT_SECRET'],
        )
      }
    })
  }
})
