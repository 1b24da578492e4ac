import { hash, randomBytes } from 'node:crypto'

/** A new secret for a guest: 192 bits, so that nobody finds another's cart by guessing. */
export const newSession = (): string => randomBytes(24).toString('base64url')

/** How a guest's secret is stored: whoever reads the table cannot act for them. */
export const hashSession = (session_id: string): string => hash('sha256', session_id, 'base64url')
