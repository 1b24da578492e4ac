import { NoProfile, readProfile } from '#adapters/ucp-profiles/read-profile'
import type { App } from '#platform/app'
import { perProcess } from '#platform/context'
import { UcpFault } from './fault.ts'
import { CAPABILITIES, VERSION } from './profile.ts'
import type { PublishedKey } from './signatures.ts'

/** A platform, and what it and this shop both can. */
export type Platform = {
  profile_url: string
  /** Where it wants to hear of orders. */
  webhook_url: string | null
  capabilities: ReadonlySet<string>
  /** What its requests are signed by, if they are. */
  keys: readonly PublishedKey[]
}

const KEPT_MAX = 1_000
const HOLDS_SECONDS = { least: 60, usual: 300, most: 86_400 }
const LEAST_MS = HOLDS_SECONDS.least * 1000
const KEYS_MAX = 50

type Kept = { platform: Platform; read_ms: number; until_ms: number }
const profiles = perProcess(() => new Map<string, Kept>())

const AGENT = /(?:^|[,;\s])profile="([^"]{1,2000})"/

/** The address of the profile in a `UCP-Agent` header (RFC 8941); a fault if there is none. */
export function profileIn(header: string | undefined): string {
  const address = header === undefined ? undefined : AGENT.exec(header)?.[1]
  if (address !== undefined) return address
  throw new UcpFault(
    400,
    'invalid_profile_url',
    'Send UCP-Agent: profile="https://…" with the address of your profile.',
  )
}

/**
 * The platform of this profile. Profiles are read once and kept for as long as they say, a minute
 * at least and a day at most; `fresh` takes only what was read within the last minute. Throws a
 * fault where it cannot be read or speaks another version.
 */
export async function platformOf(
  app: App,
  profile_url: string,
  { fresh = false } = {},
): Promise<Platform> {
  const kept = profiles(app)
  const now_ms = app.clock().getTime()
  const known = kept.get(profile_url)
  const until_ms = (known && (fresh ? known.read_ms + LEAST_MS : known.until_ms)) ?? 0
  if (known && until_ms > now_ms) return known.platform
  const { body, max_age } = await readProfile(app.settings, profile_url).catch(refuse)
  const platform = understood(profile_url, body)
  const { least, usual, most } = HOLDS_SECONDS
  const seconds = Math.min(Math.max(max_age ?? usual, least), most)
  const oldest = kept.size >= KEPT_MAX ? kept.keys().next().value : undefined
  if (oldest !== undefined) kept.delete(oldest)
  kept.set(profile_url, { platform, read_ms: now_ms, until_ms: now_ms + seconds * 1000 })
  return platform
}

const FAULTS = {
  address: [400, 'invalid_profile_url'],
  unreachable: [424, 'profile_unreachable'],
  malformed: [422, 'profile_malformed'],
} as const

function refuse(error: unknown): never {
  if (!(error instanceof NoProfile)) throw error
  const [status, code] = FAULTS[error.why]
  throw new UcpFault(status, code, `The profile of the platform cannot be read: ${error.message}.`)
}

type Entry = { version?: unknown; config?: { webhook_url?: unknown } }
type Told = {
  ucp?: { version?: unknown; capabilities?: Record<string, readonly Entry[]> }
  signing_keys?: unknown
  keys?: unknown
}

function understood(profile_url: string, body: unknown): Platform {
  const { version, capabilities } = (body as Told | null)?.ucp ?? {}
  const isList = (entries: unknown) => entries === undefined || Array.isArray(entries)
  const told = capabilities ?? {}
  const isWell = typeof told === 'object' && Object.values(told).every(isList)
  if (typeof version !== 'string' || !isWell) {
    throw new UcpFault(422, 'profile_malformed', 'The profile of the platform is not one.')
  }
  if (version !== VERSION) {
    const content = `This shop speaks ${VERSION}, and the profile is of ${version}.`
    throw new UcpFault(422, 'version_unsupported', content)
  }
  const entryOf = (name: string) => told[name]?.find((entry) => entry?.version === VERSION)
  const url = entryOf('dev.ucp.shopping.order')?.config?.webhook_url
  const webhook_url = typeof url === 'string' && URL.canParse(url) ? url : null
  const common = new Set(Object.keys(CAPABILITIES).filter((name) => entryOf(name)))
  const keys = keysIn(body as Told)
  return { profile_url, webhook_url, capabilities: withoutOrphans(common), keys }
}

/** Under either name: `signing_keys` is the older one. */
const keysIn = ({ signing_keys, keys }: Told): PublishedKey[] =>
  [signing_keys, keys]
    .flatMap((list) => (Array.isArray(list) ? list.slice(0, KEYS_MAX) : []))
    .filter((key) => typeof key === 'object' && key !== null)

/** An extension goes where nothing is left that it extends. */
function withoutOrphans(common: ReadonlySet<string>): Set<string> {
  const stays = (name: string) => {
    const parents = [CAPABILITIES[name]?.extends ?? []].flat()
    return parents.length === 0 || parents.some((parent) => common.has(parent))
  }
  return new Set([...common].filter(stays))
}
