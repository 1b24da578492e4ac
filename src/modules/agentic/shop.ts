import { printOrderNumber } from '#modules/orders'
import type { Context } from '#platform/context'
import type { AgentSession } from './schemas.ts'

/** What both sides may understand; an agent names its own, and both are answered. */
const INTERVENTIONS = ['3ds']
const EXTENSIONS = ['discount']

const common = (asked: readonly string[], known: readonly string[]) =>
  known.filter((one) => asked.some((name) => name === one || name.startsWith(`${one}@`)))

/** What agent and shop have in common. */
export const negotiated = (asked: {
  interventions: readonly string[]
  extensions: readonly string[]
}) => ({
  interventions: common(asked.interventions, INTERVENTIONS),
  extensions: common(asked.extensions, EXTENSIONS),
})

/** The address of the shop that buyers see. */
const shopUrl = ({ settings }: Pick<Context, 'settings'>): string =>
  (settings.shop_url ?? settings.public_url ?? `http://localhost:${settings.port}`).replace(
    /\/$/,
    '',
  )

/** The pages that an agent should show its buyer. */
export function linksOf({ settings }: Pick<Context, 'settings'>): AgentSession['links'] {
  const pages = {
    terms_of_use: [settings.shop_terms_url, 'Terms of use'],
    privacy_policy: [settings.shop_privacy_url, 'Privacy policy'],
    return_policy: [settings.shop_returns_url, 'Returns'],
  } as const
  return Object.entries(pages).flatMap(([type, [url, title]]) =>
    url ? [{ type, url, title }] : [],
  )
}

/** What a buyer may agree to: mails, if there is a privacy policy that says what becomes of it. */
export function consentsOf({ settings }: Pick<Context, 'settings'>) {
  const privacy_policy_url = settings.shop_privacy_url
  if (!privacy_policy_url) return []
  const display_text = 'Mails with news and offers of this shop.'
  return [{ channel: 'email', display_text, privacy_policy_url, is_subscribed: false }]
}

type Placed = { id: string; number: number; placed_at: string }

/** The order as a session tells it. */
export function orderOf(
  ctx: Pick<Context, 'settings'>,
  { id, number, placed_at }: Placed,
): NonNullable<AgentSession['order']> {
  const printed = printOrderNumber(number)
  return {
    id: id as NonNullable<AgentSession['order']>['id'],
    number: printed,
    permalink_url: `${shopUrl(ctx)}/orders/${printed}`,
    status: 'confirmed',
    placed_at,
  }
}
