import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { userLifecycle } from './lifecycle.ts'
import { PermissionSchema } from './permissions.ts'

export const db = defineTables({
  users: Type.Object({
    id: IdSchema('user'),
    /** What the search index calls them; never shown, because it tells how many there are. */
    number: Nullable(Type.Integer()),
    /** Lower case; unique among those not deleted. */
    email: Type.String(),
    first_name: Type.String(),
    last_name: Type.String(),
    phone: Nullable(Type.String()),
    /** A PHC string; see passwords.ts. */
    password_hash: Type.String(),
    status: userLifecycle.schema,
    /** The customer this user is; set by the customers module, which stands above. */
    customer_id: Nullable(IdSchema('customer')),
    last_login_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  roles: Type.Object({
    name: Type.String(),
    description: Type.String(),
    /** Empty for built-in roles, whose permissions stand in built-in-roles.ts. */
    permissions: Json(Type.Array(PermissionSchema)),
    built_in: Type.Boolean(),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  user_roles: Type.Object({
    user_id: IdSchema('user'),
    role: Type.String(),
    granted_at: Instant,
  }),
  /** One login: a family of refresh tokens, of which the newest alone is good. */
  sessions: Type.Object({
    id: IdSchema('session'),
    user_id: IdSchema('user'),
    /** How often it was refreshed: the number the next refresh token must carry. */
    rotation: Type.Integer(),
    created_at: Instant,
    refreshed_at: Instant,
    /** When its newest refresh token expires. */
    expires_at: Instant,
    revoked_at: Nullable(Instant),
    revoked_because: Nullable(Type.String()),
  }),
  api_keys: Type.Object({
    id: IdSchema('api_key'),
    user_id: IdSchema('user'),
    name: Type.String(),
    /** Its first characters, to tell keys apart. */
    prefix: Type.String(),
    /** SHA-256 in hex: the key has 190 bits of chance, so a slow hash would add nothing. */
    key_hash: Type.String(),
    permissions: Json(Type.Array(PermissionSchema)),
    created_at: Instant,
    expires_at: Nullable(Instant),
    last_used_at: Nullable(Instant),
    revoked_at: Nullable(Instant),
  }),
  /** Logins tried and not yet proven, by e-mail, whether or not such a user exists. */
  login_attempts: Type.Object({
    email: Type.String(),
    attempts: Type.Integer(),
    window_started_at: Instant,
    /** While the attempts are used up: when the next one is taken. */
    lock_ends_at: Instant,
  }),
  totp_secrets: Type.Object({
    user_id: IdSchema('user'),
    /** Base32, as the authenticator app takes it. */
    secret: Type.String(),
    /** The 30-second step of the newest code that was taken: no code is taken twice. */
    last_step: Type.Integer(),
    created_at: Instant,
    /** Null until a first code has proven that the app works. */
    confirmed_at: Nullable(Instant),
  }),
  recovery_codes: Type.Object({
    id: IdSchema('recovery_code'),
    user_id: IdSchema('user'),
    /** SHA-256 in hex of 80 bits of chance. */
    code_hash: Type.String(),
    created_at: Instant,
    used_at: Nullable(Instant),
  }),
})
