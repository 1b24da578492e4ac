import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Settings } from '#platform/config/settings'

/** What one hash costs; the defaults of the settings are OWASP's recommendation for Argon2id. */
type Cost = Pick<Settings, 'password_hash_memory_kib' | 'password_hash_passes'>
type Work = { memory: number; passes: number; parallelism: number; tagLength: number }

const TAG_BYTES = 32
const SALT_BYTES = 16
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([\w+/]{11,64})\$([\w+/]{16,128})$/

/** Argon2id of a password as a PHC string, computed off the main thread: about 30 ms. */
export async function hashPassword(password: string, cost: Cost): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const work = workOf(cost)
  return phc(work, salt, await derive(password, salt, work))
}

/** Whether this is the password of that hash, compared in constant time at the hash's own cost. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(hash) ?? []
  if (!memory) throw new Error('a stored password hash cannot be read')
  const expected = Buffer.from(tag, 'base64')
  const work = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  }
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), work), expected)
}

/** Whether a hash was made at another cost than is asked for today. */
export function isOutdated(hash: string, cost: Cost): boolean {
  const { memory, passes, parallelism } = workOf(cost)
  return !hash.startsWith(`$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$`)
}

/**
 * A hash that no password fits and that costs the same to check: what a login with an unknown
 * e-mail is compared with, so that its answer takes as long as any other.
 */
export const nobodysHash = (cost: Cost): string =>
  phc(workOf(cost), Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES))

const workOf = (cost: Cost): Work => ({
  memory: cost.password_hash_memory_kib,
  passes: cost.password_hash_passes,
  parallelism: 1,
  tagLength: TAG_BYTES,
})

const phc = ({ memory, passes, parallelism }: Work, salt: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** NFC, because a keyboard may compose an umlaut in two ways. */
function derive(password: string, nonce: Buffer, work: Work): Promise<Buffer> {
  const message = password.normalize('NFC')
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, ...work }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    )
  })
}
