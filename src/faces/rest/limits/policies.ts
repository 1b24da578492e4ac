import type { Settings } from '#platform/config/settings'

/** So many requests in so long a window. `name` tells its counters from others'. */
export type Limit = { name: string; limit: number; window_ms: number }
export type Policy = Limit & { prefix: string }

export type Policies = {
  general: Limit
  /** By the beginning of the path. */
  paths: readonly Policy[]
  /** By the beginning of the API key, or by its id. */
  keys: readonly Policy[]
  /** By the user's id. */
  users: readonly Policy[]
}

/** Reads the `PREFIX:REQUESTS:SECONDS` settings; the settings' own check has refused bad ones. */
export const policiesOf = (settings: Settings): Policies => ({
  general: {
    name: 'all',
    limit: settings.rate_limit_requests_per_window,
    window_ms: settings.rate_limit_window_seconds * 1000,
  },
  paths: settings.rate_limit_path_policies.map((text, nth) => parsePolicy(`path${nth}`, text)),
  keys: settings.rate_limit_api_key_policies.map((text, nth) => parsePolicy(`key${nth}`, text)),
  users: settings.rate_limit_user_policies.map((text, nth) => parsePolicy(`user${nth}`, text)),
})

function parsePolicy(name: string, text: string): Policy {
  const [, prefix = '', requests, seconds] = /^(.+):(\d+):(\d+)$/.exec(text) ?? []
  return { name, prefix, limit: Number(requests), window_ms: Number(seconds) * 1000 }
}
