import { defineErrors } from '#kit/errors'

/** The codes of the operations API (conventions, section 3) and what they left out. */
export const accessErrors = defineErrors({
  invalid_credentials: {
    code: 'AUTH_INVALID_CREDENTIALS',
    status: 401,
    message: 'This e-mail and this password do not belong together.',
  },
  totp_required: {
    code: 'AUTH_TOTP_REQUIRED',
    status: 401,
    message: 'A second factor is on: send `totp_code` or `recovery_code` too.',
  },
  totp_invalid: {
    code: 'AUTH_TOTP_INVALID',
    status: 401,
    message: 'This code is wrong, too old or used already.',
  },
  too_many_attempts: {
    code: 'AUTH_TOO_MANY_ATTEMPTS',
    status: 429,
    message: 'Too many failed logins; try again in {retry_after} s.',
  },
  account_suspended: {
    code: 'AUTH_ACCOUNT_SUSPENDED',
    status: 403,
    message: 'This account is suspended.',
  },
  invalid_token: {
    code: 'AUTH_INVALID_TOKEN',
    status: 401,
    message: 'This bearer token is not one of ours.',
  },
  token_expired: {
    code: 'AUTH_TOKEN_EXPIRED',
    status: 401,
    message: 'This token has expired.',
  },
  revoked_token: {
    code: 'AUTH_REVOKED_TOKEN',
    status: 401,
    message: 'This token was revoked; log in again.',
  },
  invalid_api_key: {
    code: 'AUTH_INVALID_API_KEY',
    status: 401,
    message: 'This API key is not known or was revoked.',
  },
  expired_api_key: {
    code: 'AUTH_EXPIRED_API_KEY',
    status: 401,
    message: 'This API key has expired.',
  },
  needs_user: {
    code: 'AUTH_MISSING_TOKEN',
    status: 401,
    message: 'This is done by a user who is logged in, not by an API key.',
  },
  user_not_found: {
    code: 'AUTH_USER_NOT_FOUND',
    status: 404,
    message: 'There is no such user.',
  },
  email_taken: {
    code: 'USER_EMAIL_TAKEN',
    status: 409,
    message: 'There is a user with this e-mail already.',
  },
  weak_password: {
    code: 'PASSWORD_TOO_WEAK',
    status: 400,
    message: 'Choose another password: {problem}.',
  },
  wrong_password: {
    code: 'PASSWORD_WRONG',
    status: 403,
    message: 'The current password is not right.',
  },
  beyond_own_permissions: {
    code: 'AUTH_BEYOND_OWN_PERMISSIONS',
    status: 403,
    message: 'This needs {permission}, which you do not hold yourself.',
  },
  last_administrator: {
    code: 'USER_LAST_ADMINISTRATOR',
    status: 409,
    message: 'This is the last active administrator; make another one first.',
  },
  role_not_found: {
    code: 'ROLE_NOT_FOUND',
    status: 404,
    message: 'There is no role {role}.',
  },
  unknown_role: {
    code: 'ROLE_UNKNOWN',
    status: 400,
    message: 'There is no role {role} to give.',
  },
  role_exists: {
    code: 'ROLE_EXISTS',
    status: 409,
    message: 'There is a role {role} already.',
  },
  role_built_in: {
    code: 'ROLE_BUILT_IN',
    status: 409,
    message: 'The role {role} is built in and stays as it is.',
  },
  role_in_use: {
    code: 'ROLE_IN_USE',
    status: 409,
    message: 'The role {role} is held by users; take it from them first.',
  },
  api_key_not_found: {
    code: 'API_KEY_NOT_FOUND',
    status: 404,
    message: 'There is no such API key.',
  },
  session_not_found: {
    code: 'SESSION_NOT_FOUND',
    status: 404,
    message: 'There is no such session.',
  },
  totp_already_on: {
    code: 'TOTP_ALREADY_ON',
    status: 409,
    message: 'A second factor is on already; turn it off first.',
  },
  totp_not_on: {
    code: 'TOTP_NOT_ON',
    status: 409,
    message: 'No second factor waits for this.',
  },
})
