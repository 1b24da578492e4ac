import { type Destination, type PricedCart, pricedCart } from '#modules/carts'
import { countryCode } from '#modules/customers'
import type { Context } from '#platform/context'
import { agenticErrors } from './errors.ts'
import { type Catalogue, cartOf, type WantedLine } from './items.ts'
import type { AgentAddress, AgentSession, Selection } from './schemas.ts'

/** What decides what a session comes to, and what stands in its way. */
export type Wishes = Pick<AgentSession, 'buyer' | 'fulfillment_details' | 'selected' | 'groups'> & {
  lines: readonly WantedLine[]
  currency: string
  codes: readonly string[]
}

/** The option of what is not sent. */
export const DIGITAL = 'digital'

type Known = { catalogue?: Catalogue | undefined; availability?: boolean }

/**
 * What a session comes to now, by the prices, discounts, taxes and shipping of carts. Without an
 * address no shipping is counted, and the taxes are those of the shop's own country.
 */
export const pricedWishes = (
  ctx: Context,
  wishes: Wishes,
  { catalogue, availability = false }: Known = {},
): Promise<PricedCart> =>
  pricedCart(ctx, cartOf(ctx, wishes), {
    ...(catalogue && { catalogue }),
    // A session holds what it needs, so that nobody asks what is left.
    ...(!availability && { availability }),
    guess: false,
    destination: destinationFor(wishes.fulfillment_details?.address),
    shipping: chosenMethod(wishes.selected),
    codes: wishes.codes,
  })

const destinationFor = (address: AgentAddress | null | undefined): Destination | null =>
  address
    ? {
        country_code: address.country,
        province: address.state || null,
        postal_code: address.postal_code,
        city: address.city,
      }
    : null

const chosenMethod = (selected: readonly Selection[]): string | null =>
  selected.find(({ kind }) => kind !== DIGITAL)?.option_id ?? null

/** A request's details, with the country in capitals. Refuses a country that is none. */
export function tidied(
  details: AgentSession['fulfillment_details'] | undefined,
): AgentSession['fulfillment_details'] {
  const address = details?.address
  if (!details || !address) return details ?? null
  const country = countryCode(address.country)
  if (!country) {
    const field = '$.fulfillment_details.address.country'
    throw agenticErrors.invalid({ field, problem: 'this is no country of ISO 3166-1' })
  }
  return { ...details, address: { ...address, country } }
}

/**
 * A request's selection with the ids of lines, whatever it called them. All that is sent goes one
 * way: refuses two ways of shipping, and ids that are no line's.
 */
export function namedLines(
  selected: readonly Selection[],
  lines: readonly WantedLine[],
): Selection[] {
  const ids = new Map(lines.flatMap((line) => namesOf(line).map((name) => [name, line.id])))
  const ways = new Set(selected.filter(({ kind }) => kind !== DIGITAL).map((one) => one.option_id))
  if (ways.size > 1) {
    const field = '$.selected_fulfillment_options'
    throw agenticErrors.invalid({ field, problem: 'all that is sent goes by one option' })
  }
  return selected.map((one, nth) => ({
    ...one,
    line_ids: one.line_ids.map((name) => {
      const id = ids.get(name)
      if (id) return id
      const field = `$.selected_fulfillment_options[${nth}].item_ids`
      throw agenticErrors.invalid({ field, problem: `${name} is not in this session` })
    }),
  }))
}

const namesOf = ({ id, item_id, variant_id }: WantedLine) => [variant_id, item_id, id]

/** Refuses an option that this very request asks for and that cannot be had. */
export function requireOffered(selected: readonly Selection[], told: PricedCart): void {
  for (const [nth, { kind, option_id }] of selected.entries()) {
    const offered =
      kind === DIGITAL
        ? option_id === DIGITAL && told.lines.some(({ sellable }) => !sellable?.requires_shipping)
        : kind === 'shipping' && told.chosen && told.needs_shipping && told.shipping !== null
    if (offered) continue
    const field = `$.selected_fulfillment_options[${nth}].option_id`
    throw agenticErrors.invalid({ field, problem: `the option ${option_id} is not offered` })
  }
}
