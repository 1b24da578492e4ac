import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PAGE_DEPTH_MAX, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { PermissionList } from './permissions.ts'
import { db } from './tables.ts'

const { users, roles, sessions, api_keys } = db.tables

/** An e-mail address; stored and compared in lower case. */
export const Email = Type.String({
  maxLength: 254,
  pattern:
    '^[^\\s@<>()\\[\\]\\\\,;:"\\u0000-\\u001f\\u007f]+@[^\\s@<>()\\[\\]\\\\,;:"\\u0000-\\u001f\\u007f]+\\.[^\\s@<>()\\[\\]\\\\,;:."\\u0000-\\u001f\\u007f]+$',
  examples: ['ada@example.com'],
})
/** The one form in which an e-mail is stored and compared. */
export const normalEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase()

/** A password as sent: the upper bound keeps a hash from being fed megabytes. */
export const Password = Type.String({ minLength: 1, maxLength: 200 })
/** A password to be taken; further rules in password-policy.ts. */
export const NewPassword = Type.String({ minLength: 8, maxLength: 200 })
export const Phone = Type.String({ minLength: 3, maxLength: 40, pattern: '^[0-9+()./ \\-x#*]+$' })
const Code = Type.String({ minLength: 6, maxLength: 40, pattern: '^[A-Za-z0-9 -]+$' })
export const RoleName = Type.String({ pattern: '^[a-z][a-z0-9_-]{1,39}$' })

export const secondFactor = {
  totp_code: Type.Optional(Type.String({ pattern: '^[0-9]{6}$', description: 'Of the app.' })),
  recovery_code: Type.Optional(Code),
}

export const LogIn = Type.Object({
  email: Type.Optional(Text(254)),
  username: Type.Optional(Text(254, { description: 'The same as `email`.' })),
  password: Password,
  ...secondFactor,
})
export type LogIn = Static<typeof LogIn>

export const TokenPair = Type.Object({
  access_token: Type.String(),
  refresh_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds until the access token expires.' }),
  refresh_expires_in: Type.Integer({ description: 'Seconds until the refresh token expires.' }),
})
export type TokenPair = Static<typeof TokenPair>

export const Refresh = Type.Object({
  refresh_token: Type.String({ minLength: 1, maxLength: 8000 }),
})
export type Refresh = Static<typeof Refresh>

const { password_hash: _, number: __, ...shownOfUser } = users.properties
export const User = Type.Object({
  ...shownOfUser,
  roles: Type.Array(Type.String()),
  totp_enabled: Type.Boolean(),
})
export type User = Static<typeof User>

export const Me = Type.Object({ ...User.properties, permissions: Type.Array(Type.String()) })
export type Me = Static<typeof Me>

export const Session = Type.Object({
  ...Type.Omit(sessions, ['rotation', 'revoked_at', 'revoked_because', 'user_id']).properties,
  is_current: Type.Boolean(),
})
export type Session = Static<typeof Session>

export const Role = Type.Object({
  ...roles.properties,
  permissions: Type.Array(Type.String()),
})
export type Role = Static<typeof Role>

export const CreateRole = Type.Object({
  name: RoleName,
  description: Type.Optional(Text(500)),
  permissions: PermissionList,
})
export type CreateRole = Static<typeof CreateRole>

export const UpdateRole = Type.Object({
  name: RoleName,
  description: Type.Optional(Text(500)),
  permissions: Type.Optional(PermissionList),
})
export type UpdateRole = Static<typeof UpdateRole>

export const ApiKey = Type.Object(Type.Omit(api_keys, ['key_hash']).properties)
export type ApiKey = Static<typeof ApiKey>

export const NewApiKey = Type.Object({
  ...ApiKey.properties,
  api_key: Type.String({ description: 'The key itself: shown once, never again.' }),
  key: Type.String({ description: 'The same, under the name that other clients read.' }),
})
export type NewApiKey = Static<typeof NewApiKey>

export const CreateApiKey = Type.Object({
  name: Text(100),
  permissions: Type.Optional(
    Type.Array(PermissionList.items, {
      ...PermissionList,
      minItems: 1,
      description: 'What the key may do, within what you may; everything you may unless said.',
    }),
  ),
  expires_in_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650, default: 90 })),
  expires_at: Type.Optional(
    Type.String({
      format: 'date-time',
      maxLength: 40,
      description: 'Instead of a number of days.',
    }),
  ),
})
export type CreateApiKey = Static<typeof CreateApiKey>

export const names = { first_name: Text(100), last_name: Text(100) }

export const ListUsers = Type.Object({
  search: Type.Optional(
    Text(100, { description: 'Words of the names and the e-mail, the last one as far as typed.' }),
  ),
  status: Type.Optional(Type.Enum(['active', 'suspended'])),
  role: Type.Optional(RoleName),
  city: Type.Optional(Text(100, { description: 'Of one of their addresses, whole, any case.' })),
  country: Type.Optional(
    Text(100, { description: 'Of one of their addresses: two letters or an English name.' }),
  ),
  skip: Type.Optional(
    Type.Integer({ minimum: 0, maximum: PAGE_DEPTH_MAX, description: 'The same as `offset`.' }),
  ),
  ...pageQuery,
})
export type ListUsers = Static<typeof ListUsers>

/** What staff and oneself may change of a user. */
export const changesOfUser = {
  first_name: Type.Optional(names.first_name),
  last_name: Type.Optional(names.last_name),
  phone: Type.Optional(Nullable(Phone)),
  email: Type.Optional(Email),
  password: Type.Optional(NewPassword),
  current_password: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Needed to change your own e-mail or password.',
    }),
  ),
}
export const UpdateMe = Type.Object(changesOfUser)
export type UpdateMe = Static<typeof UpdateMe>

export const UpdateUser = Type.Object({
  id: IdSchema('user'),
  ...changesOfUser,
  roles: Type.Optional(
    Type.Array(RoleName, { maxItems: 20, uniqueItems: true, description: 'Needs `roles:assign`.' }),
  ),
})
export type UpdateUser = Static<typeof UpdateUser>

export const ChangePassword = Type.Object({
  id: Type.Optional(IdSchema('user')),
  current_password: Password,
  new_password: NewPassword,
  confirm_password: Type.Optional(Password),
})
export type ChangePassword = Static<typeof ChangePassword>

export const TotpEnrolment = Type.Object({
  secret: Type.String({ description: 'Base32; for apps that take it by hand.' }),
  otpauth_url: Type.String({ description: 'What the QR code holds.' }),
})
export type TotpEnrolment = Static<typeof TotpEnrolment>

export const RecoveryCodes = Type.Object({
  recovery_codes: Type.Array(Type.String(), {
    description: 'Each replaces the app once. Shown now and never again.',
  }),
  confirmed_at: Instant,
})
export type RecoveryCodes = Static<typeof RecoveryCodes>
