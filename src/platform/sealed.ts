import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const MARK = 'sealed:'
const keys = new Map<string, Buffer>()

/**
 * Encrypts a text that must be kept and may not be read: AES-256-GCM, key by HKDF from the secret.
 */
export function seal(text: string, secret: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return MARK + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** Whether a text was sealed here. */
export const isSealed = (text: string): boolean => text.startsWith(MARK)

/** The text that was sealed; any other text is returned as it is. */
export function unseal(text: string, secret: string): string {
  if (!isSealed(text)) return text
  const bytes = Buffer.from(text.slice(MARK.length), 'base64')
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}

function keyOf(secret: string): Buffer {
  const known = keys.get(secret)
  if (known) return known
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'tradepost kept answers', 32))
  keys.set(secret, key)
  return key
}
