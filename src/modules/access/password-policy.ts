import { COMMON_PASSWORDS } from './common-passwords.ts'
import { accessErrors } from './errors.ts'

/** The fewest characters of a password: of anyone who may do more than buy, and of a buyer. */
export const LENGTH_MIN = 12
export const LENGTH_MIN_OF_CUSTOMER = 8
const DIFFERENT_MIN = 5

/** Refuses (PASSWORD_TOO_WEAK) what is short, common, or says who it belongs to. */
export function checkPassword(
  password: string,
  { email, own_only }: { email: string; own_only: boolean },
): void {
  const problem = weakness(password, email, own_only ? LENGTH_MIN_OF_CUSTOMER : LENGTH_MIN)
  if (problem) throw accessErrors.weak_password({ problem, field: 'password' })
}

function weakness(password: string, email: string, length: number): string | undefined {
  const plain = password.normalize('NFKC').toLowerCase()
  const [local = ''] = email.split('@')
  if ([...password].length < length) return `it must have at least ${length} characters`
  if (new Set(plain).size < DIFFERENT_MIN) return 'it repeats too few characters'
  if (plain === email || plain === local) return 'it must not be the e-mail'
  // «Password123!» is no better than «password».
  const bare = plain.replace(/^[^a-z]+|[^a-z]+$/g, '')
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(bare))
    return 'it is one of the common ones'
  return undefined
}
