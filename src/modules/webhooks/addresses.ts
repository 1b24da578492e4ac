import ipaddr from 'ipaddr.js'
import type { Settings } from '#platform/config/settings'
import { webhookErrors } from './errors.ts'

/**
 * Whether an IP address is one of the open internet: not private, not this machine, not link-local,
 * not a cloud's metadata address, and none of those written as IPv6.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || isGlobal(parsed as IPv6))
}

/**
 * Of IPv6 only 2000::/3 is given out to anybody (IANA, «IPv6 Global Unicast»). What else passes for
 * unicast is old site-local (fec0::/10), NAT64 of one's own network (64:ff9b:1::/48), and IPv4
 * written as ::a.b.c.d.
 */
const isGlobal = (address: IPv6): boolean => address.match(ipaddr.IPv6.parse('2000::'), 3)
type IPv6 = InstanceType<typeof ipaddr.IPv6>

type Rules = Pick<Settings, 'webhook_private_addresses'>

/**
 * Refuses what no webhook may go to, as far as the text tells; where its name leads is checked when
 * it is sent. Throws `url_refused`. Answers the address as it is stored.
 */
export function checkUrl(text: string, { webhook_private_addresses }: Rules): string {
  const refuse = (problem: string) => webhookErrors.url_refused({ problem })
  if (!URL.canParse(text)) throw refuse('it is no URL')
  const url = new URL(text)
  const isPlain = url.protocol === 'http:'
  if (!isPlain && url.protocol !== 'https:') throw refuse('it must begin with https://')
  if (url.username !== '' || url.password !== '') throw refuse('it must hold no credentials')
  url.hash = ''
  if (webhook_private_addresses) return url.href
  if (isPlain) throw refuse('it must begin with https://')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isLocal = /(^|\.)(localhost|local|internal)\.?$/i.test(host)
  if (isLocal || (ipaddr.isValid(host) && !isPublicAddress(host))) throw refuse('it is private')
  return url.href
}
