import type { FastifyRequest } from 'fastify'
import type { PayerBrowser } from '#modules/agentic'

/** What an agent says of its payer's browser, as part of the signals of risk. */
type Signals = {
  ip_address?: string | null
  user_agent?: string | null
  accept_language?: string | null
}

/**
 * The browser in which a payer is to be authenticated, «collected server- or client-side»: the
 * agent's word, which only versions since 2026-01-30 have members for, else what its request shows.
 */
export function browserOf(
  { headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>,
  signals: Signals = {},
): PayerBrowser {
  const { ip_address, user_agent, accept_language } = signals
  return {
    // Who names no kinds takes any (RFC 9110, 12.5.1).
    accept_header: (headers.accept ?? '*/*').slice(0, 2000),
    ip_address: ip_address || ip,
    language: firstLanguage(accept_language || headers['accept-language'] || ''),
    user_agent: (user_agent || headers['user-agent'] || '').slice(0, 2000),
  }
}

/** What the messages of the shop are written in, for who names no language. */
const ENGLISH = 'en'

/** The first of a list such as `de-AT,de;q=0.8`. */
function firstLanguage(list: string): string {
  const [first = ''] = list.split(/[,;]/)
  const tag = first.trim()
  return /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(tag) && tag.length <= 35 ? tag : ENGLISH
}
