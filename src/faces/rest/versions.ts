import { crc32 } from 'node:zlib'

/**
 * The ETag of one resource: its version, by which changes are guarded, and a sum over what was
 * printed, because an answer may show facts that move without a new version (what is in stock).
 */
export function etagOf(output: unknown, data: string): string | undefined {
  const version = versionOf(output)
  return version === undefined ? undefined : `"v${version}-${crc32(data).toString(16)}"`
}

function versionOf(output: unknown): number | undefined {
  if (typeof output !== 'object' || output === null) return undefined
  const { version } = output as { version?: unknown }
  return typeof version === 'number' ? version : undefined
}

/** What no resource has: a precondition that cannot hold is refused, never overlooked. */
const NO_VERSION = -1
const VERSION = /^(?:W\/)?"v?(\d{1,15})(?:-[\da-f]{1,8})?"$/

/**
 * The version that If-Match names; undefined for none and for `*`. Only the version counts, so a
 * tag is good as it came, weakened by a proxy, or written by hand as `"v3"`.
 */
export function expectedVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const version = VERSION.exec(header.trim())?.[1]
  return version === undefined ? NO_VERSION : Number(version)
}

/** Whether If-None-Match names this very answer (weak comparison, RFC 9110 section 13.1.2). */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
