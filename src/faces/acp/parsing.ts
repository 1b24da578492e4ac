import type { AgentBuyer, AuthenticationResult } from '#modules/agentic'
import type { Items } from './reading.ts'
import { invalid } from './refusals.ts'

// What the parsers of all versions do alike.

/** Articles as all known clients name them: `{id, quantity}` or `{item: {id}, quantity}`. */
export function itemsOf(items: Items, at: string) {
  return items.map(({ id, item, quantity = 1 }, nth) => {
    const named = id ?? item?.id
    if (named === undefined) throw invalid(`${at}[${nth}].id`, 'id is required.', 'missing')
    return { id: named, quantity }
  })
}

type Result = { outcome: string; outcome_details?: object | null }

/** Outcomes that must be proven. */
const PROVEN = ['authenticated', 'attempt_acknowledged', 'informational']

/** Which outcome of 2026-01-16 is which of all other versions. */
const OTHER_WORDS: Record<string, AuthenticationResult['outcome']> = {
  attempt: 'attempt_acknowledged',
  failed: 'denied',
  unavailable: 'not_supported',
}

/** A result of 3-D Secure in the core's words. A good one must bring its proof. */
export function resultOf(result: Result | null | undefined): AuthenticationResult | null {
  if (!result) return null
  const outcome = (OTHER_WORDS[result.outcome] ?? result.outcome) as AuthenticationResult['outcome']
  if (PROVEN.includes(outcome) && !result.outcome_details) {
    const param = '$.authentication_result.outcome_details'
    throw invalid(param, 'outcome_details is required with this outcome.', 'missing')
  }
  return { outcome }
}

/** What is there; empty texts count as none. */
export const said = (words: Record<string, string | null | undefined>) =>
  Object.fromEntries(Object.entries(words).filter(([, word]) => word)) as Record<string, string>

/** A buyer's names and how they are reached. */
export const buyerOf = (
  { email, phone_number, first_name, last_name, full_name }: Names,
  profile: object = {},
): AgentBuyer => ({
  ...said({ email, phone_number, first_name, last_name, full_name }),
  ...(Object.keys(profile).length > 0 && { profile: profile as Record<string, unknown> }),
})

type Names = Partial<
  Record<'email' | 'phone_number' | 'first_name' | 'last_name' | 'full_name', string | null>
>

/** Refuses Markdown with HTML in it: whoever shows it would run what a stranger wrote. */
export function refuseHtml(value: unknown, path = '$'): void {
  if (typeof value !== 'object' || value === null) return
  const { content_type, content } = value as { content_type?: unknown; content?: unknown }
  if (content_type === 'markdown' && typeof content === 'string' && /<[a-z!/?]/i.test(content)) {
    throw invalid(`${path}.content`, 'Markdown must not contain HTML.')
  }
  for (const [name, member] of Object.entries(value)) {
    refuseHtml(member, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`)
  }
}
