import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP } from 'node:net'
import { isPublicAddress } from '#modules/webhooks'

type Told = (error: Error | null, address?: string | LookupAddress[], family?: number) => void

/** Told in place of an address that nobody may connect to. */
export class PrivateAddress extends Error {
  constructor() {
    super('Its address is private.')
    this.name = 'PrivateAddress'
  }
}

/**
 * A `lookup` for `http.request` that answers only if every address of the name is one of the open
 * internet. The connection is made to what was checked here, so no second answer can slip in.
 */
export function guardedLookup(hostname: string, options: LookupOptions, told: Told): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return told(error)
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
      return told(new PrivateAddress())
    }
    if (options.all) return told(null, addresses)
    const [first] = addresses as [LookupAddress]
    told(null, first.address, first.family)
  })
}

/** Whether a host is written as an address that nobody may connect to: it is never looked up. */
export function isPrivateLiteral(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !isPublicAddress(host)
}
