import { Type } from 'typebox'
import { command, Nothing, process } from '#platform/operations'
import { confirmTotp } from './commands/confirm-totp.ts'
import { disableTotp, replaceRecoveryCodes } from './commands/disable-totp.ts'
import { enrolTotp } from './commands/enrol-totp.ts'
import { accessErrors } from './errors.ts'
import { Password, RecoveryCodes, secondFactor, TotpEnrolment } from './schemas.ts'

const codeErrors = [
  accessErrors.totp_invalid,
  accessErrors.totp_not_on,
  accessErrors.too_many_attempts,
  accessErrors.needs_user,
]

/** The second factor: codes of an authenticator app (RFC 6238). */
export const totpOperations = [
  process('access.enrol_totp', {
    secret: true,
    rest: 'POST /auth/totp',
    aliases: ['POST /api/v1/auth/totp'],
    permission: 'signed_in',
    summary: 'Get a secret for an authenticator app',
    description: 'Login asks for codes only after `POST /auth/totp/confirm`.',
    input: Type.Object({ current_password: Password }),
    output: TotpEnrolment,
    errors: [
      accessErrors.wrong_password,
      accessErrors.totp_already_on,
      accessErrors.too_many_attempts,
      accessErrors.needs_user,
    ],
    example: { current_password: 'the-engine-weaves-patterns' },
    run: enrolTotp,
  }),
  command('access.confirm_totp', {
    secret: true,
    rest: 'POST /auth/totp/confirm',
    aliases: ['POST /api/v1/auth/totp/confirm'],
    permission: 'signed_in',
    summary: 'Turn the second factor on with a first code',
    description: 'Answers ten recovery codes, each good once in place of the app.',
    input: Type.Object({ totp_code: Type.String({ pattern: '^[0-9]{6}$' }) }),
    output: RecoveryCodes,
    errors: [
      accessErrors.totp_invalid,
      accessErrors.totp_not_on,
      accessErrors.totp_already_on,
      accessErrors.needs_user,
    ],
    example: { totp_code: '492039' },
    run: confirmTotp,
  }),
  process('access.disable_totp', {
    rest: 'POST /auth/totp/disable',
    aliases: ['POST /api/v1/auth/totp/disable'],
    permission: 'signed_in',
    status: 204,
    summary: 'Turn the second factor off',
    description: 'Needs `totp_code` or `recovery_code`.',
    input: Type.Object(secondFactor),
    output: Nothing,
    errors: codeErrors,
    example: { totp_code: '492039' },
    run: async (ctx, input) => void (await disableTotp(ctx, input)),
  }),
  process('access.replace_recovery_codes', {
    secret: true,
    rest: 'POST /auth/totp/recovery-codes',
    aliases: ['POST /api/v1/auth/totp/recovery-codes'],
    permission: 'signed_in',
    summary: 'Get ten new recovery codes',
    description:
      'The old ones are worth nothing from then on. Needs `totp_code` or `recovery_code`.',
    input: Type.Object(secondFactor),
    output: RecoveryCodes,
    errors: codeErrors,
    example: { totp_code: '492039' },
    run: replaceRecoveryCodes,
  }),
]
