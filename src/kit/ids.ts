import { randomFillSync } from 'node:crypto'
import { Type } from 'typebox'

declare const kind: unique symbol

/** A UUID version 7, branded by what it names: an order's id does not compile as a product's. */
export type Id<K extends string> = string & { readonly [kind]: K }

export const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const UUID = new RegExp(UUID_PATTERN)

/** The schema of an id on the wire and in a table. */
export const IdSchema = <K extends string>(_kind: K) =>
  Type.Unsafe<Id<K>>(Type.String({ format: 'uuid', pattern: UUID_PATTERN }))

export const isUuid = (text: string): boolean => UUID.test(text)

const hexUpTo = (length: number, digits: number) =>
  Array.from({ length }, (_, number) => number.toString(16).padStart(digits, '0'))

const HEX = hexUpTo(256, 2)
const COUNTER_MAX = 0xfff
const COUNTED = hexUpTo(COUNTER_MAX + 1, 3)
const POOL_BYTES = 4096
const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES
let lastMs = 0
let beginning = beginningOf(lastMs)
let counter = 0

/**
 * A new UUID version 7 (RFC 9562, section 5.7) for the instant `ms` (Unix milliseconds): 48 bits of
 * time, then 12 bits that count within the millisecond (section 6.2, method 1) so that ids made by
 * one process rise strictly, then 62 bits of chance.
 */
export function newId<K extends string>(_kind: K, ms: number): Id<K> {
  if (ms > lastMs) {
    lastMs = ms
    beginning = beginningOf(ms)
    counter = byte() << 2
  } else if (++counter > COUNTER_MAX) {
    beginning = beginningOf(++lastMs)
    counter = 0
  }
  const variant = HEX[(byte() & 0x3f) | 0x80]
  return `${beginning}${COUNTED[counter]}-${variant}${hex()}-${hex()}${hex()}${hex()}${hex()}${hex()}${hex()}` as Id<K>
}

/** The lowest id of the instant `ms`: what was made before it sorts below. */
export const firstId = (ms: number): string => `${beginningOf(ms)}000-8000-000000000000`

/** The time of an id and its version. */
function beginningOf(ms: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7`
}

const hex = () => HEX[byte()] as string

function byte(): number {
  if (used === POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  return pool[used++] as number
}
