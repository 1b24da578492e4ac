import { parseDatabaseUrl } from '#platform/config/database-url'
import type { SettingProblem } from '#platform/config/problems'
import type { Settings } from '#platform/config/settings'
import { type Given, variableOf } from '#platform/config/sources'

type Conflict = readonly [keyof Settings, reason: string | false | undefined]

/** What one schema of one value cannot say: how settings agree, and what production demands. */
export function findConflicts(
  settings: Settings,
  origin: (name: string) => Given | undefined,
): SettingProblem[] {
  const conflicts: Conflict[] = [
    ['database_url', whyNoDatabase(settings.database_url)],
    ['jwt_secret', whyWeakSecret(settings)],
    ['payment_webhook_secret', whyWeakWebhookSecret(settings)],
    ['stripe_secret_key', whyNoStripe(settings, 'stripe_secret_key')],
    ['stripe_webhook_secret', whyNoStripe(settings, 'stripe_webhook_secret')],
    ['admin_password', whyWeakPassword(settings.admin_password)],
    ['vault_key', whyWeakVaultKey(settings)],
    ...agreements(settings),
  ]
  return conflicts.flatMap(([name, reason]) => {
    if (!reason) return []
    const { shown, source } = origin(name) ?? { shown: variableOf(name), source: 'not given' }
    return [{ name: shown, source, reason }]
  })
}

const agreements = (settings: Settings): Conflict[] => [
  [
    'api_default_page_size',
    settings.api_default_page_size > settings.api_max_page_size &&
      `must not be above api_max_page_size, which is ${settings.api_max_page_size}`,
  ],
  [
    'db_min_connections',
    settings.db_min_connections > settings.db_max_connections &&
      `must not be above db_max_connections, which is ${settings.db_max_connections}`,
  ],
  [
    'cors_allow_credentials',
    settings.cors_allow_credentials &&
      settings.cors_allow_any_origin &&
      'does not go with cors_allow_any_origin: name the origins in cors_allowed_origins',
  ],
  [
    'mail_from',
    settings.smtp_url !== undefined &&
      settings.mail_from === undefined &&
      'is required where smtp_url is set: a mail is from somebody',
  ],
  [
    'woocommerce_url',
    settings.woocommerce_url !== '' &&
      (settings.woocommerce_consumer_key === '' || settings.woocommerce_consumer_secret === '') &&
      'needs woocommerce_consumer_key and woocommerce_consumer_secret too',
  ],
  ['rate_limit_path_policies', whyBadPolicy(settings.rate_limit_path_policies, /^\/.*/)],
  ['rate_limit_api_key_policies', whyBadPolicy(settings.rate_limit_api_key_policies, /^.+/)],
  ['rate_limit_user_policies', whyBadPolicy(settings.rate_limit_user_policies, /^.+/)],
]

function whyNoDatabase(url: string): string | undefined {
  try {
    parseDatabaseUrl(url)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Words that stand in published examples and in files that were never edited. */
const WEAK =
  /secret|passw|change.?me|default|example|letmein|qwerty|place.?holder|0123456789|your[-_]/i

/** Why a signing secret is too easy to guess (operations API, «Authentication»). */
function whyWeakSecret({ jwt_secret, environment }: Settings): string | undefined {
  const advice = 'openssl rand -hex 48 makes a good one'
  if (jwt_secret === '') {
    return environment === 'production' ? `is required in production; ${advice}` : undefined
  }
  if (jwt_secret.length < 64) return `must have at least 64 characters; ${advice}`
  return whyGuessable(jwt_secret, advice)
}

function whyWeakWebhookSecret(settings: Settings): string | undefined {
  const { payment_webhook_secret: secret, payment_provider, environment } = settings
  if (secret === '') {
    const demanded = environment === 'production' && payment_provider === 'test'
    return demanded ? 'is required in production when there is a payment provider' : undefined
  }
  const advice = 'take the one that the provider shows'
  if (environment !== 'production') return undefined
  if (secret.length < 24) return `must have at least 24 characters in production; ${advice}`
  return whyGuessable(secret, advice)
}

function whyWeakVaultKey({ vault_key, vault_enabled, environment }: Settings) {
  const advice = 'openssl rand -hex 32 makes a good one'
  if (vault_key === '') {
    return environment === 'production' && vault_enabled
      ? `is required in production when the vault takes cards; ${advice}`
      : undefined
  }
  if (vault_key.length < 32) return `must have at least 32 characters; ${advice}`
  return whyGuessable(vault_key, advice)
}

/** Elsewhere a missing key means that only the test provider is offered; that moves no money. */
function whyNoStripe(
  settings: Settings,
  name: 'stripe_secret_key' | 'stripe_webhook_secret',
): string | undefined {
  const { environment, payment_provider } = settings
  const demanded = environment === 'production' && payment_provider === 'stripe'
  return demanded && settings[name] === ''
    ? 'is required in production when payment_provider is stripe'
    : undefined
}

function whyGuessable(secret: string, advice: string): string | undefined {
  if (new Set(secret).size < 10) return `must have at least 10 different characters; ${advice}`
  const [word] = WEAK.exec(secret) ?? []
  return word ? `must not contain "${word}", which is easy to guess; ${advice}` : undefined
}

const whyWeakPassword = (password: string) =>
  password !== '' && password.length < 12 && 'must have at least 12 characters'

function whyBadPolicy(policies: readonly string[], subject: RegExp): string | undefined {
  const bad = policies.some((policy) => {
    const [, name = '', requests, seconds] = /^(.*):(\d{1,9}):(\d{1,9})$/.exec(policy) ?? []
    return !subject.test(name) || Number(requests) < 1 || Number(seconds) < 1
  })
  return bad ? 'must be items of the form NAME:REQUESTS:SECONDS' : undefined
}
