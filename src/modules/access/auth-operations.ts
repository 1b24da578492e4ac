import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { command, Nothing, process, query } from '#platform/operations'
import { createApiKey } from './commands/create-api-key.ts'
import { endSession } from './commands/end-session.ts'
import { logIn } from './commands/log-in.ts'
import { logOut } from './commands/log-out.ts'
import { refresh } from './commands/refresh.ts'
import { revokeApiKey } from './commands/revoke-api-key.ts'
import { accessErrors } from './errors.ts'
import { listApiKeys, listSessions } from './queries.ts'
import { ApiKey, CreateApiKey, LogIn, NewApiKey, Refresh, Session, TokenPair } from './schemas.ts'

/** Logging in and out, and API keys (operations API, endpoints/auth). */
export const authOperations = [
  process('access.log_in', {
    secret: true,
    rest: 'POST /auth/login',
    aliases: ['POST /api/v1/auth/login', 'POST /api/v1/users/login'],
    permission: 'public',
    summary: 'Log in with e-mail and password',
    description:
      'Answers an access token for the `Authorization: Bearer` header and a refresh token. Where a second factor is on, `totp_code` or `recovery_code` is needed too: without one the answer is 401 `AUTH_TOTP_REQUIRED`. Five failures in five minutes lock the e-mail for fifteen. `/api/v1/users/login` also takes a form with `username` and `password`.',
    input: LogIn,
    output: TokenPair,
    errors: [
      accessErrors.invalid_credentials,
      accessErrors.totp_required,
      accessErrors.totp_invalid,
      accessErrors.too_many_attempts,
      accessErrors.account_suspended,
    ],
    example: { email: 'ada@example.com', password: 'the-engine-weaves-patterns' },
    run: async (ctx, input) => (await logIn(ctx, input)).tokens,
  }),
  process('access.refresh', {
    secret: true,
    rest: 'POST /auth/refresh',
    aliases: ['POST /api/v1/auth/refresh'],
    permission: 'public',
    summary: 'Trade a refresh token for new tokens',
    description:
      'Each refresh token works once. One that is shown a second time ends its whole session, because somebody has a copy.',
    input: Refresh,
    output: TokenPair,
    errors: [accessErrors.invalid_token, accessErrors.token_expired, accessErrors.revoked_token],
    example: { refresh_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl' },
    run: refresh,
  }),
  command('access.log_out', {
    rest: 'POST /auth/logout',
    aliases: ['POST /api/v1/auth/logout', 'GET /api/v1/users/logout'],
    permission: 'signed_in',
    summary: 'Log out',
    description:
      'Ends the session of this token: its access and refresh tokens are refused everywhere.',
    input: Type.Object({}),
    output: Type.Object({ message: Type.String() }),
    errors: [accessErrors.needs_user],
    example: {},
    run: logOut,
  }),
  command('access.create_api_key', {
    secret: true,
    rest: 'POST /auth/api-keys',
    aliases: ['POST /api/v1/auth/api-keys'],
    permission: 'api-keys:create',
    status: 201,
    summary: 'Issue an API key',
    description:
      'The key acts as you, within `permissions`, and is shown this once. It never does more than you may at that moment.',
    input: CreateApiKey,
    output: NewApiKey,
    errors: [accessErrors.beyond_own_permissions, accessErrors.needs_user],
    example: { name: 'warehouse scanner', permissions: ['inventory:*'], expires_in_days: 90 },
    run: createApiKey,
  }),
  query('access.list_api_keys', {
    rest: 'GET /auth/api-keys',
    aliases: ['GET /api/v1/auth/api-keys'],
    permission: 'api-keys:read',
    summary: 'List your API keys',
    description: 'With `users:read`, `user_id` lists those of someone else.',
    input: Type.Object({ user_id: Type.Optional(IdSchema('user')), ...pageQuery }),
    output: PageOf(ApiKey),
    example: { limit: 20 },
    run: listApiKeys,
  }),
  command('access.revoke_api_key', {
    rest: 'DELETE /auth/api-keys/:id',
    aliases: ['DELETE /api/v1/auth/api-keys/:id'],
    permission: 'signed_in',
    status: 204,
    summary: 'Revoke an API key',
    input: Type.Object({ id: IdSchema('api_key') }),
    output: Nothing,
    errors: [accessErrors.api_key_not_found],
    example: { id: '019aa5c0-0000-7000-8000-000000000001' },
    run: async (ctx, input) => void (await revokeApiKey(ctx, input)),
  }),
  query('access.list_sessions', {
    rest: 'GET /auth/sessions',
    aliases: ['GET /api/v1/auth/sessions'],
    permission: 'signed_in',
    summary: 'List where you are logged in',
    input: Type.Object(pageQuery),
    output: PageOf(Session),
    errors: [accessErrors.needs_user],
    example: {},
    run: listSessions,
  }),
  command('access.end_session', {
    rest: 'DELETE /auth/sessions/:id',
    aliases: ['DELETE /api/v1/auth/sessions/:id'],
    permission: 'signed_in',
    status: 204,
    summary: 'Log out somewhere else',
    input: Type.Object({ id: IdSchema('session') }),
    output: Nothing,
    errors: [accessErrors.session_not_found, accessErrors.needs_user],
    example: { id: '019aa5c0-0000-7000-8000-000000000001' },
    run: async (ctx, input) => void (await endSession(ctx, input)),
  }),
]
