import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'

// RFC 6238 as every authenticator app understands it. 25 lines on node:crypto: less than a
// dependency would bring along.
const STEP_MS = 30_000
const DIGITS = 6
/** Steps before and after the present one whose codes are taken: clocks differ. */
const WINDOW = 1
const SECRET_BYTES = 20
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const RECOVERY_CODES = 10

/** A new secret, in base32. */
export const newTotpSecret = (): string => toBase32(randomBytes(SECRET_BYTES))

/** The code of one 30-second step: HOTP (RFC 4226) with SHA-1. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (mac.at(-1) as number) & 0xf
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS
  return String(number).padStart(DIGITS, '0')
}

/** The step that an instant (Unix milliseconds) is in. */
export const totpStep = (ms: number): number => Math.floor(ms / STEP_MS)

/** The step, within the window around `ms`, that this code belongs to; undefined if none. */
export function findTotpStep(secret: string, code: string, ms: number): number | undefined {
  const now = totpStep(ms)
  const given = Buffer.from(code)
  for (let step = now - WINDOW; step <= now + WINDOW; step++) {
    const expected = Buffer.from(totpCode(secret, step))
    if (given.length === expected.length && timingSafeEqual(given, expected)) return step
  }
  return undefined
}

/** What an authenticator app reads from a QR code. */
export function otpauthUrl(secret: string, email: string): string {
  const label = `Tradepost:${encodeURIComponent(email)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=Tradepost&algorithm=SHA1&digits=6&period=30`
}

/** Ten codes for the day the phone is gone, 80 bits each, as `abcd-efgh-ijkl-mnop`. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    (toBase32(randomBytes(10)).toLowerCase().match(/.{4}/g) as string[]).join('-'),
  )

/** How a recovery code is stored, however it was typed. */
export const hashRecoveryCode = (code: string): string =>
  hash('sha256', code.toLowerCase().replace(/[^a-z2-7]/g, ''), 'hex')

function toBase32(bytes: Buffer): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return bits.replace(/.{5}/g, (five) => BASE32[Number.parseInt(five, 2)] as string)
}

function fromBase32(text: string): Buffer {
  let bits = ''
  for (const letter of text) bits += BASE32.indexOf(letter).toString(2).padStart(5, '0')
  const bytes = bits.match(/.{8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))
}
