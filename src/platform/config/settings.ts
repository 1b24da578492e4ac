import { type Static, type TSchema, type TSchemaOptions, Type } from 'typebox'
import { carrierSettings } from './carrier-settings.ts'

/** Where Tradepost runs; `production` is the strict one. */
export const ENVIRONMENTS = ['development', 'test', 'production'] as const
export type Environment = (typeof ENVIRONMENTS)[number]

/** What a setting says about itself beyond JSON Schema. */
export type SettingFacts = TSchemaOptions & {
  description?: string
  default?: unknown
  /** In place of `default`, where it depends on the environment. */
  defaults?: Record<Environment, unknown>
  /** Never printed. */
  secret?: boolean
  /** A text that is a decimal number: a TOML file may write it without quotes. */
  decimal?: boolean
  /** A variable of another standard that is read when ours is not given. */
  variable?: string
}

const text = (description: string, fallback: string, facts: SettingFacts = {}) =>
  Type.String({ description, default: fallback, minLength: 1, ...facts })
const whole = (description: string, fallback: number, facts: SettingFacts = {}) =>
  Type.Integer({ description, default: fallback, minimum: 0, maximum: 2 ** 31 - 1, ...facts })
const yes = (description: string, fallback: boolean) =>
  Type.Boolean({ description, default: fallback })
const list = (description: string, facts: SettingFacts = {}) =>
  Type.Array(Type.String({ minLength: 1 }), { description, default: [], ...facts })
const optional = (description: string, facts: SettingFacts) =>
  Type.Optional(Type.String({ description, minLength: 1, ...facts }))
/** Empty until `ensureSecrets` has made it. */
const secret = (description: string) => Type.String({ description, default: '', secret: true })
const oneOf = <T extends string>(description: string, words: readonly T[], facts: SettingFacts) =>
  Type.Enum([...words], { description, ...facts })

const server = {
  environment: oneOf(
    'What this server is for; RUN_ENV or APP_ENV decide where it is not given.',
    ENVIRONMENTS,
    { default: 'development' },
  ),
  host: text('The address to listen on.', '0.0.0.0'),
  port: whole('The TCP port to listen on; 0 takes any free one.', 8080, { maximum: 65_535 }),
  public_url: optional('The address by which others reach this server.', {
    pattern: '^https?://',
  }),
  trust_proxy: yes('Whether the X-Forwarded-* headers of a caller are believed.', false),
  max_body_size: whole('The largest request body, in bytes.', 10_485_760, { minimum: 1024 }),
  request_timeout_ms: whole('How long a request may take, in milliseconds.', 30_000, {
    minimum: 100,
  }),
  shutdown_timeout_ms: whole('How long requests may finish after SIGTERM, in ms.', 10_000),
  api_default_page_size: whole('Rows of a list that is asked for without `limit`.', 20, {
    minimum: 1,
    maximum: 100,
  }),
  api_max_page_size: whole('The largest `limit` of a list; never above 100.', 100, {
    minimum: 1,
    maximum: 100,
  }),
  csv_rows_max: whole('The most rows of a list that is asked for as CSV.', 1_000_000, {
    minimum: 1,
  }),
  seed: oneOf('What an empty database is filled with at the first start.', ['demo', 'none'], {
    defaults: { development: 'demo', test: 'none', production: 'none' },
  }),
}

const SQLITE_FILE = 'sqlite://tradepost.db?mode=rwc'
const database = {
  database_url: Type.String({
    description: 'sqlite://FILE?mode=rwc, sqlite::memory: or postgres://USER:PASSWORD@HOST/NAME.',
    defaults: { development: SQLITE_FILE, test: 'sqlite::memory:', production: SQLITE_FILE },
    pattern: '^(sqlite:|postgres(ql)?://)',
    secret: true,
  }),
  auto_migrate: yes('Whether a start brings the tables up to date by itself.', true),
  db_max_connections: whole('The most connections of this process to PostgreSQL.', 16, {
    minimum: 1,
    maximum: 1000,
  }),
  db_min_connections: whole('Connections to PostgreSQL that stay open when idle.', 2),
  db_connect_timeout_secs: whole('How long a start waits for PostgreSQL, in seconds.', 30),
  db_idle_timeout_secs: whole('After how long an idle connection is closed, in seconds.', 600),
  db_acquire_timeout_secs: whole('How long a request waits for a connection, in seconds.', 8, {
    minimum: 1,
  }),
  db_statement_timeout_secs: whole(
    'How long one statement may run on PostgreSQL, in seconds; 0 is without limit.',
    30,
  ),
  sqlite_synchronous: oneOf(
    'full: no answered order is lost in a power cut; normal: the last ones may be.',
    ['full', 'normal'],
    { default: 'full' },
  ),
  redis_url: optional('Redis for what processes share (rate limits); unset is none.', {
    pattern: '^rediss?://',
    secret: true,
  }),
}

const identity = {
  jwt_secret: secret('Signs access tokens: 64 characters or more. Production demands it.'),
  jwt_expiration: whole('How long an access token is valid, in seconds.', 3600, {
    minimum: 1,
    maximum: 86_400,
  }),
  refresh_token_expiration: whole('How long a refresh token is valid, in seconds.', 2_592_000, {
    minimum: 1,
    maximum: 7_776_000,
  }),
  auth_issuer: text('The `iss` of access tokens.', 'tradepost-auth'),
  auth_audience: text('The `aud` of access tokens.', 'tradepost-api'),
  api_key_prefix: text('What every API key begins with.', 'sk_', {
    pattern: '^[A-Za-z0-9_]{1,16}$',
  }),
  admin_email: text('The first administrator, made in an empty database.', 'admin@example.com', {
    pattern: '^[^@\\s]+@[^@\\s]+$',
  }),
  admin_password: secret(
    'The first administrator’s password: 12 characters or more. Made where it is not given.',
  ),
  password_hash_memory_kib: whole('Memory of one Argon2id hash, in KiB.', 19_456, { minimum: 8 }),
  password_hash_passes: whole('Passes of one Argon2id hash.', 2, { minimum: 1 }),
}

const limits = {
  rate_limit_enabled: yes('Whether callers are limited at all.', true),
  rate_limit_requests_per_window: whole('Requests of one caller in one window.', 100, {
    minimum: 1,
  }),
  rate_limit_window_seconds: whole('The length of a window, in seconds.', 60, { minimum: 1 }),
  rate_limit_enable_headers: yes('Whether answers carry RateLimit-* and X-RateLimit-*.', true),
  rate_limit_path_policies: list('Other limits below a path, each /PATH:REQUESTS:SECONDS.'),
  rate_limit_api_key_policies: list('Other limits of an API key, each KEY:REQUESTS:SECONDS.', {
    secret: true,
  }),
  rate_limit_user_policies: list('Other limits of a user, each USER_ID:REQUESTS:SECONDS.'),
  rate_limit_namespace: text('What the counters in Redis begin with.', 'tradepost:rl'),
  cors_allowed_origins: list('Origins whose pages may call this server.'),
  cors_allow_any_origin: yes('Whether pages of any origin may call this server.', false),
  cors_allow_credentials: yes('Whether pages of other origins may send credentials.', false),
}

const commerce = {
  default_currency: text('The currency of what names none (ISO 4217).', 'USD', {
    pattern: '^[A-Z]{3}$',
  }),
  default_tax_rate: text(
    'The tax, as a share, while no tax rate is configured: 0.08 is 8 %.',
    '0.08',
    { pattern: '^(0(\\.\\d{1,6})?|1(\\.0{1,6})?)$', decimal: true },
  ),
  prices_include_tax: yes('Whether prices and shipping costs are told with their tax.', false),
  tax_rounding: oneOf(
    'Where tax is rounded: on every line, or once on the sums of a document.',
    ['line', 'document'],
    { default: 'line' },
  ),
  shop_country: text('The country of the shop (ISO 3166-1, two letters).', 'US', {
    pattern: '^[A-Z]{2}$',
  }),
  shop_region: optional('The state or province of the shop, by its code.', {
    pattern: '^[A-Za-z0-9-]{1,50}$',
  }),
  checkout_lifetime_minutes: whole(
    'How long a checkout holds its units after the last step, in minutes.',
    30,
    { minimum: 1, maximum: 1440 },
  ),
  unpaid_order_minutes: whole(
    'How long an order that a checkout placed may wait to be paid before it is cancelled, in minutes, at least as long as the checkout; 0: for ever.',
    30,
    { maximum: 525_600 },
  ),
  checkout_sweep_interval_ms: whole(
    'How often checkouts whose time is over give back what they hold, in milliseconds.',
    5000,
    { minimum: 10 },
  ),
  return_window_days: whole(
    'How many days after its delivery an order may be returned; 0: without end.',
    30,
    { maximum: 36_500 },
  ),
  return_label_paid_by: oneOf(
    'Who pays for the way back, where no return policy says otherwise.',
    ['shop', 'customer'],
    { default: 'customer' },
  ),
  return_restocking_fee: text(
    'What is kept back of what was paid for returned units, as a share: 0.1 is 10 %.',
    '0',
    { pattern: '^(0(\\.\\d{1,6})?|1(\\.0{1,6})?)$', decimal: true },
  ),
  exchange_ships: oneOf(
    'Whether an exchange’s other goods leave once it is agreed, or when the goods are back.',
    ['on_approval', 'after_return'],
    { default: 'after_return' },
  ),
  payment_provider: oneOf(
    'Who takes payments; test is built in and moves no money.',
    ['test', 'none'],
    { defaults: { development: 'test', test: 'test', production: 'none' } },
  ),
  payment_webhook_secret: secret(
    'Checks the signature of payment webhooks. Production demands it if there is a provider.',
  ),
  payment_webhook_tolerance_secs: whole('How old a payment webhook may be, in seconds.', 300, {
    minimum: 1,
  }),
  payment_sweep_interval_ms: whole(
    'How often payments of unknown outcome are looked up, in milliseconds.',
    10_000,
    { minimum: 10 },
  ),
  reservation_sweep_interval_ms: whole(
    'How often expired reservations give their stock back, in milliseconds.',
    5000,
    { minimum: 10 },
  ),
  guest_carts: yes('Whether visitors who are not signed in may have carts.', true),
  cart_lifetime_days: whole('How long an untouched cart is kept open, in days.', 30, {
    minimum: 1,
    maximum: 3650,
  }),
  closed_carts_kept_days: whole(
    'How long carts that are given up, merged or expired can still be read, in days.',
    30,
  ),
  cart_sweep_interval_ms: whole(
    'How often carts whose time is over are closed, in milliseconds.',
    60_000,
    { minimum: 10 },
  ),
  outbox_poll_interval_ms: whole(
    'How often the relay looks for events that nobody told it of, in milliseconds.',
    1000,
    { minimum: 10 },
  ),
  outbox_batch_size: whole('How many events the relay claims at once.', 100, {
    minimum: 1,
    maximum: 1000,
  }),
  outbox_retries_max: whole('How often a delivery is tried again before it is dead.', 8),
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const telemetry = {
  log_level: oneOf('The least that is logged.', LOG_LEVELS, { default: 'info' }),
  log_json: Type.Boolean({
    description: 'Whether the log is JSON lines; else it is lines for people.',
    defaults: { development: false, test: false, production: true },
  }),
  otel_exporter_otlp_endpoint: optional('Where traces go (OTLP over HTTP); unset is nowhere.', {
    pattern: '^https?://',
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  }),
  otel_service_name: text('The name of this service in traces.', 'tradepost', {
    variable: 'OTEL_SERVICE_NAME',
  }),
}

/** The settings by subject, in the order in which documents list them. */
export const settingGroups: Record<string, Record<string, TSchema>> = {
  Server: server,
  Database: database,
  'Identity and access': identity,
  Limits: limits,
  Commerce: commerce,
  Carriers: carrierSettings,
  'Log and traces': telemetry,
}

/** The one schema of all settings (operations API, «Configuration», and our own). */
export const SettingsSchema = Type.Object({
  ...server,
  ...database,
  ...identity,
  ...limits,
  ...commerce,
  ...carrierSettings,
  ...telemetry,
})

/** All settings of a process: read once by `loadSettings`, frozen, handed to whoever needs them. */
export type Settings = Readonly<Static<typeof SettingsSchema>>

/** Published settings that do nothing here (yet): refused with a word of their own. */
export const NOT_HERE =
  /^(grpc_.*|message_queue_.*|agentic_commerce_.*|oauth2_.*|cache(\..*)?|circuit_breaker.*|event_channel_capacity|max_string_length)$/
