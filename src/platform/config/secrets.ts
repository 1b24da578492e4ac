import { randomBytes, randomInt } from 'node:crypto'
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { parseDatabaseUrl } from '#platform/config/database-url'
import { SettingsError } from '#platform/config/problems'
import type { Settings } from '#platform/config/settings'
import { variableOf } from '#platform/config/sources'

/** No letter or digit that is easily taken for another. */
const PASSWORD_LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

const makers = {
  jwt_secret: () => randomBytes(48).toString('hex'),
  payment_webhook_secret: () => randomBytes(32).toString('hex'),
  vault_key: () => randomBytes(32).toString('hex'),
  admin_password: () =>
    Array.from({ length: 20 }, () => PASSWORD_LETTERS[randomInt(PASSWORD_LETTERS.length)]).join(''),
}
type Secrets = Record<keyof typeof makers, string>
const secretNames = Object.keys(makers) as (keyof Secrets)[]

/**
 * The settings with every secret that was not given, made once and kept beside the database,
 * readable by the owner only. What was given always wins and is not stored. An in-memory database
 * keeps nothing. In production nothing is made: `loadSettings` has refused what must be given.
 * Throws SettingsError when the file can be neither read nor written.
 */
export function ensureSecrets(settings: Settings): Settings {
  const missing = secretNames.filter((name) => settings[name] === '')
  if (missing.length === 0 || settings.environment === 'production') return settings
  const file = secretsFile(settings.database_url)
  const kept = file === undefined ? makeSecrets() : keepSecrets(file)
  return Object.freeze({
    ...settings,
    ...Object.fromEntries(missing.map((name) => [name, kept[name]])),
  })
}

/** Where the secrets that were made are kept; undefined where nothing is kept. */
export function secretsFile(databaseUrl: string): string | undefined {
  const address = parseDatabaseUrl(databaseUrl)
  if (address.engine === 'postgres') return join('.tradepost', 'secrets.json')
  return address.path === ':memory:' ? undefined : `${address.path}.secrets.json`
}

const makeSecrets = (): Secrets =>
  Object.fromEntries(secretNames.map((name) => [name, makers[name]()])) as Secrets

function keepSecrets(file: string): Secrets {
  try {
    if (!existsSync(file)) create(file, makeSecrets())
    // Read back, whoever wrote it: of two processes that start at once, both use the first one's.
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>
    if (statSync(file).mode & 0o077) chmodSync(file, 0o600)
    const complete = { ...makeSecrets(), ...kept }
    if (secretNames.some((name) => !kept[name])) replace(file, complete)
    return complete
  } catch (error) {
    const reason = `is kept in ${file}, which failed: ${(error as Error).message}`
    const name = variableOf('jwt_secret')
    throw new SettingsError([{ name, source: 'not given', reason }])
  }
}

/** Appears whole or not at all, and never in place of another: a link fails where a file is. */
function create(file: string, secrets: Secrets): void {
  const draft = write(file, secrets)
  try {
    linkSync(draft, file)
  } catch (error) {
    // A file system without links: as good as it can do.
    if (!existsSync(file)) copyFileSync(draft, file, constants.COPYFILE_EXCL)
    else if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

const replace = (file: string, secrets: Secrets) => renameSync(write(file, secrets), file)

function write(file: string, secrets: Secrets): string {
  const draft = `${file}.${process.pid}.tmp`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  return draft
}
