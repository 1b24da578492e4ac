import type { RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Settings } from '#platform/config/settings'
import { http } from '#platform/node-http'
import { guardedLookup, isPrivateLiteral } from '../webhook-sender/guarded-lookup.ts'

/** Why there is no profile: a bad address, no good answer, or no JSON in it; half a sentence. */
export class NoProfile extends Error {
  readonly why: 'address' | 'unreachable' | 'malformed'
  constructor(why: NoProfile['why'], message: string) {
    super(message)
    this.why = why
  }
}

const TIMEOUT_MS = 5_000
const BYTES_MAX = 256 * 1024

/**
 * Reads the profile of a platform: by https, no redirects, no private addresses, no more than a
 * quarter of a megabyte, and within five seconds. `max_age` is how long it says it holds, in
 * seconds. Throws `NoProfile`.
 */
export async function readProfile(
  { webhook_private_addresses: isPrivateAllowed }: Settings,
  address: string,
): Promise<{ body: unknown; max_age: number | undefined }> {
  const url = addressOf(address, isPrivateAllowed)
  const { text, cache } = await ask(url, isPrivateAllowed)
  try {
    const max_age = /max-age=(\d{1,9})/.exec(cache)?.[1]
    return { body: JSON.parse(text), max_age: max_age === undefined ? undefined : Number(max_age) }
  } catch {
    throw new NoProfile('malformed', 'it is not JSON')
  }
}

function addressOf(address: string, isPrivateAllowed: boolean): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.username !== '' || url.password !== '') {
    throw new NoProfile('address', 'no whole address was given')
  }
  if (isPrivateAllowed && url.protocol === 'http:') return url
  if (url.protocol !== 'https:') throw new NoProfile('address', 'its address must be https')
  if (!isPrivateAllowed && isPrivateLiteral(url.hostname)) {
    throw new NoProfile('address', 'its address is not on the open internet')
  }
  return url
}

type Read = { text: string; cache: string }

function ask(url: URL, isPrivateAllowed: boolean): Promise<Read> {
  const request = url.protocol === 'https:' ? requestHttps : http.request
  return new Promise((resolve, reject) => {
    const fail = (message: string) => reject(new NoProfile('unreachable', message))
    const options: RequestOptions = {
      headers: { accept: 'application/json', 'user-agent': 'tradepost' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(!isPrivateAllowed && { lookup: guardedLookup as LookupFunction }),
    }
    const asking = request(url, options)
    asking.on('error', () => fail('it cannot be reached'))
    asking.on('response', (response) => {
      if (response.statusCode !== 200) {
        response.resume()
        return fail(`it answered ${response.statusCode}`)
      }
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > BYTES_MAX) asking.destroy()
        else chunks.push(chunk)
      })
      response.on('error', () => fail('it broke off'))
      response.on('close', () => {
        if (!response.complete || size > BYTES_MAX) return fail('it is too long or broke off')
        const cache = String(response.headers['cache-control'] ?? '')
        resolve({ text: Buffer.concat(chunks).toString(), cache })
      })
    })
    asking.end()
  })
}
