import { randomInt } from 'node:crypto'

/** How many codes a buyer may enter for one order. */
export const CODES_MAX = 10
/** No I, O, 0 and 1: people read codes aloud. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
/** 32 letters, so 60 bits: among a million live codes, a guess hits once in a billion. */
const LENGTH = 12

/** What two spellings of one code have in common: neither case nor space around it counts. */
export const codeKey = (code: string): string => code.trim().normalize('NFKC').toLowerCase()

/** A code that nobody can guess. */
export const drawCode = (prefix: string): string =>
  prefix + Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
