import { type Static, type TSchema, Type } from 'typebox'
import { retentionSettings } from '#platform/config/retention-settings'
import { agentSettings } from './agent-settings.ts'
import { agenticSettings } from './agentic-settings.ts'
import { carrierSettings } from './carrier-settings.ts'
import { commerceSettings } from './commerce-settings.ts'
import { eventSettings } from './event-settings.ts'
import { mailSettings } from './mail-settings.ts'
import { ENVIRONMENTS, list, oneOf, optional, secret, text, whole, yes } from './setting-kinds.ts'
import { shopSettings } from './shop-settings.ts'
import { stripeSettings } from './stripe-settings.ts'
import { ucpSettings } from './ucp-settings.ts'
import { woocommerceSettings } from './woocommerce-settings.ts'

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
    must: 'begin with https:// or http://',
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
  seed: oneOf(
    'What an empty database is filled with at the first start: the demo shop, or what it sells.',
    ['demo', 'catalogue', 'none'],
    { defaults: { development: 'demo', test: 'none', production: 'none' } },
  ),
}

const SQLITE_FILE = 'sqlite://tradepost.db?mode=rwc'
const database = {
  database_url: Type.String({
    description: 'sqlite://FILE?mode=rwc, sqlite::memory: or postgres://USER:PASSWORD@HOST/NAME.',
    defaults: { development: SQLITE_FILE, test: 'sqlite::memory:', production: SQLITE_FILE },
    pattern: '^(sqlite:|postgres(ql)?://)',
    must: 'begin with sqlite: or postgres://',
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
    must: 'begin with redis:// or rediss://',
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
    must: 'be up to 16 letters, digits and underscores',
  }),
  admin_email: text('The first administrator, made in an empty database.', 'admin@example.com', {
    pattern: '^[^@\\s]+@[^@\\s]+$',
    must: 'be an e-mail address',
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

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const telemetry = {
  log_level: oneOf('The least that is logged.', LOG_LEVELS, { default: 'info' }),
  log_json: Type.Boolean({
    description: 'Whether the log is JSON lines; else it is lines for people.',
    defaults: { development: false, test: false, production: true },
  }),
  otel_exporter_otlp_endpoint: optional('Where traces go (OTLP over HTTP); unset is nowhere.', {
    pattern: '^https?://',
    must: 'begin with https:// or http://',
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
  Commerce: commerceSettings,
  Stripe: stripeSettings,
  'Shop face': shopSettings,
  Carriers: carrierSettings,
  WooCommerce: woocommerceSettings,
  Events: eventSettings,
  Agents: agenticSettings,
  'Agents: vault, feed, order news': agentSettings,
  'Agents: UCP': ucpSettings,
  Mails: mailSettings,
  Retention: retentionSettings,
  'Log and traces': telemetry,
}

/** The one schema of all settings (operations API, «Configuration», and our own). */
export const SettingsSchema = Type.Object({
  ...server,
  ...database,
  ...identity,
  ...limits,
  ...commerceSettings,
  ...stripeSettings,
  ...shopSettings,
  ...carrierSettings,
  ...woocommerceSettings,
  ...eventSettings,
  ...agenticSettings,
  ...agentSettings,
  ...ucpSettings,
  ...mailSettings,
  ...retentionSettings,
  ...telemetry,
})

/** All settings of a process: read once by `loadSettings`, frozen, handed to whoever needs them. */
export type Settings = Readonly<Static<typeof SettingsSchema>>

/** Published settings that do nothing here (yet): refused with a word of their own. */
export const NOT_HERE =
  /^(grpc_.*|message_queue_.*|agentic_commerce_.*|oauth2_.*|cache(\..*)?|circuit_breaker.*|event_channel_capacity|max_string_length)$/
