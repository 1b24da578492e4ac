import { hash, randomBytes } from 'node:crypto'

const MARK = 'vt_'

/** A new token: 192 bits, so that nobody finds another's by guessing. */
export const newToken = (): string => MARK + randomBytes(24).toString('base64url')

/** How a token is stored and looked up. */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url')

/** Whether a payment method is a token of this vault. */
export const isVaultToken = (text: string): boolean => text.startsWith(MARK)
