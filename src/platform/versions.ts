import type { Context } from '#platform/context'
import { requestErrors } from '#platform/operations'

/**
 * Refuses (412) when the caller's If-Match names another version than the one read in this
 * transaction. Default isolation makes read-then-write safe; guarded writes name the version too.
 */
export function requireVersion(ctx: Context, version: number): void {
  const { expected_version } = ctx
  if (expected_version !== undefined && expected_version !== version) {
    throw requestErrors.version_changed({ version })
  }
}
