import type { FirstAdministrator } from '#modules/access'
import { build } from '#platform/build'
import { parseDatabaseUrl } from '#platform/config/database-url'
import { secretsFile } from '#platform/config/secrets'
import type { Settings } from '#platform/config/settings'
import type { Operation } from '#platform/operations'

/** What a banner may say. */
export type Facts = {
  settings: Settings
  operations: readonly Operation[]
  port: number
  /** Undefined at every start but the first. */
  administrator: FirstAdministrator | undefined
  /** Whether the settings give the password: who set it knows it, and others may read the log. */
  isPasswordGiven: boolean
}

/** What a person needs to begin, in a few lines. Secrets are in it at the first start only. */
export function banner(facts: Facts): string {
  const { settings, operations, port, administrator } = facts
  const base = baseUrl(settings, port)
  const lines = [
    `Tradepost ${build().version} is ready: ${settings.environment}, on ${databaseName(settings)}`,
    '',
    `  API         ${base}/api/v1`,
    `  Swagger UI  ${base}/swagger-ui`,
    `  Documents   ${base}/docs`,
    `  Health      ${base}/health`,
    '',
    ...signIn(facts),
    '',
    `  ${example(operations, base, administrator)}`,
    '',
  ]
  return lines.join('\n')
}

function signIn({ settings, administrator, isPasswordGiven }: Facts): string[] {
  const { environment, database_url, admin_email } = settings
  if (administrator) {
    const { email, password, api_key } = administrator
    return [
      `  E-mail      ${email}`,
      `  Password    ${isPasswordGiven ? 'as set (admin_password)' : password}`,
      `  API key     ${api_key}   (shown this once)`,
    ]
  }
  const isKept = environment !== 'production' && !isPasswordGiven
  const kept = isKept ? secretsFile(database_url) : undefined
  return [`  E-mail      ${admin_email}`, ...(kept ? [`  Password    kept in ${kept}`] : [])]
}

/** A line that works as it is printed: with the key if there is one, else what is open to all. */
function example(
  operations: readonly Operation[],
  base: string,
  administrator: FirstAdministrator | undefined,
): string {
  const has = (rest: string) => operations.some((operation) => operation.rest === rest)
  if (administrator && has('GET /api/v1/orders')) {
    return `curl -H 'X-API-Key: ${administrator.api_key}' '${base}/api/v1/orders?limit=3'`
  }
  if (has('GET /api/v1/products')) return `curl '${base}/api/v1/products?limit=3'`
  return `curl '${base}/health'`
}

function baseUrl({ public_url, host }: Settings, port: number): string {
  if (public_url) return public_url.replace(/\/$/, '')
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

function databaseName({ database_url }: Settings): string {
  const address = parseDatabaseUrl(database_url)
  if (address.engine === 'postgres') return `PostgreSQL (${new URL(address.url).host})`
  return address.path === ':memory:' ? 'SQLite in memory' : `SQLite (${address.path})`
}
