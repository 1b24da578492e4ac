import { hash, randomInt } from 'node:crypto'

/** No I, O, 0 and 1: people read codes from paper. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
/**
 * 32 letters, so 80 bits: with a million guesses a second, one of a million cards is found in some
 * 19,000 years.
 */
const LENGTH = 16

/** A code that nobody can guess, in groups of four as it is printed. */
export function drawCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)])
  return (letters.join('').match(/.{4}/g) as string[]).join('-')
}

/**
 * What a code is found by. Case, spaces and dashes do not count. Codes are long and drawn by
 * chance, so a fast hash without salt tells nothing of them.
 */
export const codeHash = (code: string): string =>
  hash('sha256', code.toUpperCase().replace(/[^0-9A-Z]/g, ''), 'hex')

export const lastFour = (code: string): string => code.slice(-4)
