import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'

const user_id = IdSchema('user')
const roles = Type.Array(Type.String())

// Events are kept for good, so they say who and what, never a name or an address of anyone.
export const userEvents = defineEvents('user', {
  created: {
    description: 'Someone can log in from now on.',
    version: 2,
    entity: 'user_id',
    payload: Type.Object({ user_id, roles }),
  },
  updated: {
    description: 'Name, phone, e-mail or roles of a user changed.',
    version: 2,
    entity: 'user_id',
    payload: Type.Object({ user_id, changed: Type.Array(Type.String()) }),
  },
  password_changed: {
    description: 'A user has another password; their other sessions ended.',
    entity: 'user_id',
    payload: Type.Object({ user_id }),
  },
  suspended: {
    description: 'A user may not log in; tokens and keys are refused.',
    entity: 'user_id',
    payload: Type.Object({ user_id }),
  },
  activated: {
    description: 'A suspended user may log in again.',
    entity: 'user_id',
    payload: Type.Object({ user_id }),
  },
  deleted: {
    description: 'A user is gone; sessions and API keys ended.',
    entity: 'user_id',
    payload: Type.Object({ user_id }),
  },
  totp_enabled: {
    description: 'A user asks for a second factor at login.',
    entity: 'user_id',
    payload: Type.Object({ user_id }),
  },
  totp_disabled: {
    description: 'A user no longer asks for a second factor at login.',
    entity: 'user_id',
    payload: Type.Object({ user_id }),
  },
})

export const sessionEvents = defineEvents('session', {
  reuse_detected: {
    description: 'A refresh token was used a second time: somebody has a copy. The session ended.',
    entity: 'session_id',
    payload: Type.Object({ session_id: IdSchema('session'), user_id }),
  },
})

export const apiKeyEvents = defineEvents('api_key', {
  created: {
    description: 'An API key was issued.',
    entity: 'api_key_id',
    payload: Type.Object({ api_key_id: IdSchema('api_key'), user_id, name: Type.String() }),
  },
  revoked: {
    description: 'An API key is refused from now on.',
    entity: 'api_key_id',
    payload: Type.Object({ api_key_id: IdSchema('api_key'), user_id }),
  },
})

export const roleEvents = defineEvents('role', {
  created: {
    description: 'A role of the shop’s own was made.',
    entity: 'role',
    payload: Type.Object({ role: Type.String(), permissions: roles }),
  },
  updated: {
    description: 'What a role allows changed; it holds at once.',
    entity: 'role',
    payload: Type.Object({ role: Type.String(), permissions: roles }),
  },
  deleted: {
    description: 'A role that nobody held is gone.',
    entity: 'role',
    payload: Type.Object({ role: Type.String() }),
  },
})
