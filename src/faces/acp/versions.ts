import type { DomainError } from '#kit/errors'
import { refusal } from './refusals.ts'

/** Every released version of the protocol, oldest first; the last one is the newest. */
export const ACP_VERSIONS = [
  '2025-09-29',
  '2025-12-12',
  '2026-01-16',
  '2026-01-30',
  '2026-04-17',
] as const
export type AcpVersion = (typeof ACP_VERSIONS)[number]
export const LATEST = '2026-04-17' satisfies AcpVersion
/** As errors list them; the discovery document does it the other way round. */
export const NEWEST_FIRST: readonly AcpVersion[] = ACP_VERSIONS.toReversed()

export const isAcpVersion = (text: unknown): text is AcpVersion =>
  ACP_VERSIONS.some((version) => version === text)

/** Whether a version is this one or a later one: dates in ISO form compare as text. */
export const since = (version: AcpVersion, first: AcpVersion): boolean => version >= first

/**
 * The version that a request asks for by its `API-Version`; the version that a session was begun
 * with does not matter. Throws a 400 that lists the versions, newest first.
 */
export function versionOf(asked: string | string[] | undefined): AcpVersion {
  if (asked === undefined || asked === '') {
    throw unsupported('missing_api_version', 'Send the header API-Version.')
  }
  if (isAcpVersion(asked)) return asked
  throw unsupported('unsupported_api_version', 'This API-Version is not served here.')
}

const unsupported = (code: string, message: string): DomainError =>
  refusal({ status: 400, code, message, supported_versions: NEWEST_FIRST })

/** The version of a request, or the newest where it names none: for errors about that. */
export const versionFor = (asked: string | string[] | undefined): AcpVersion =>
  isAcpVersion(asked) ? asked : LATEST
