import { hash, randomBytes } from 'node:crypto'

/** A new secret for a buyer's link: 192 bits, so that nobody finds another's offer by guessing. */
export const newToken = (): string => randomBytes(24).toString('base64url')

/** How it is stored: whoever reads the table cannot pay, or see, an offer. */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url')
