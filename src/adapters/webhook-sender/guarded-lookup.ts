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

/** Asks for all addresses of a name, as `dns.lookup` does with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  told: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/**
 * A `lookup` for `http.request` that answers only if every address of the name is one of the open
 * internet. A name is asked for once a connection, and the connection is made to what was checked
 * here: a name server that says something else a moment later is not heard.
 */
export const guardedBy =
  (resolve: Resolve) =>
  (hostname: string, options: LookupOptions, told: Told): void => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return told(error)
      if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
        return told(new PrivateAddress())
      }
      if (options.all) return told(null, addresses)
      const [first] = addresses as [LookupAddress]
      told(null, first.address, first.family)
    })
  }

/** The same by the name server of this machine. */
export const guardedLookup = guardedBy(lookup)

/** Whether a host is written as an address that nobody may connect to: it is never looked up. */
export function isPrivateLiteral(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !isPublicAddress(host)
}
