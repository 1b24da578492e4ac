import type { Static } from 'typebox'
import { parseMoney } from '#kit/money'
import { type Sellable, sellableVariants } from '#modules/catalogue'
import type { TaxRate } from '#modules/pricing'
import { isDefaultRate, ownRateFirst, placeOf, STANDARD, taxRatesFor } from '#modules/tax'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { orderErrors } from '../errors.ts'
import type { OrderRow } from '../find.ts'
import { pricedLines, refOf } from '../priced-lines.ts'
import type { NewItem } from '../schemas.ts'
import { shippingRatesOf } from './apply.ts'
import { customLine } from './custom-lines.ts'
import { DETAILS, type Details, type Effect, type OrderState } from './effects.ts'
import type { Action } from './schemas.ts'
import { isEqual } from './store-state.ts'

/** The order that a step is asked for, and its place among the others. */
export type Asked = { order: OrderRow; state: OrderState; index: number }

/**
 * What is asked for, as effects with all that has to be looked up: prices, taxes and names are
 * those of this moment, so applying them later asks nobody. Throws `unknown_product`, `no_price`,
 * `price_changed`, `address_fixed` and what a field lacks.
 */
export async function resolved(ctx: Context, action: Action, asked: Asked): Promise<Effect[]> {
  const need = <K extends keyof Action>(name: K): NonNullable<Action[K]> => {
    const value = action[name]
    if (value === undefined) throw invalidField(`actions.${asked.index}.${name}`, 'is required')
    return value as NonNullable<Action[K]>
  }
  switch (action.action) {
    case 'add_item':
      return [
        await addedLine(ctx, { ...action, quantity: atLeastOne(need('quantity'), asked) }, asked),
      ]
    case 'set_quantity':
      return [{ kind: 'set_quantity', order_line_id: need('item_id'), quantity: need('quantity') }]
    case 'remove_item':
      return [{ kind: 'set_quantity', order_line_id: need('item_id'), quantity: 0 }]
    case 'replace_item':
      return replacing(ctx, action, { ...asked, item_id: need('item_id') })
    case 'set_discount': {
      const amount = moneyIn(need('amount'), asked)
      const label = action.label ?? 'Discount'
      return [{ kind: 'set_discount', order_line_id: need('item_id'), amount, label }]
    }
    case 'set_shipping':
      return [await shipping(ctx, action, asked)]
    case 'set_details':
      return [detailsOf(asked.order, need('details'), asked.state.taxes)]
  }
}

function atLeastOne(quantity: number, { index }: Asked): number {
  if (quantity < 1) throw invalidField(`actions.${index}.quantity`, 'must be >= 1')
  return quantity
}

function moneyIn(amount: string | number, { order, index }: Asked): number {
  return parseMoney(amount, order.currency, `actions.${index}.amount`)
}

/** A line of what the catalogue has, or of what staff says and prices. */
async function addedLine(
  ctx: Context,
  wanted: Action & { quantity: number },
  asked: Asked,
): Promise<Effect & { kind: 'add_line' }> {
  if (!wanted.custom) return newLine(ctx, wanted, asked)
  const { line, sellable } = await customLine(ctx, wanted, asked)
  if (asked.state.tax_status !== 'computed') {
    return { kind: 'add_line', line: { ...line, tax_class: null }, rates: [] }
  }
  return { kind: 'add_line', line, rates: await ratesDue(ctx, asked, sellable) }
}

/** A line at the catalogue's price of now, with the taxes due on it where the order goes. */
export async function newLine(
  ctx: Context,
  wanted: Static<typeof NewItem>,
  { order, state }: Pick<Asked, 'order' | 'state'>,
): Promise<Effect & { kind: 'add_line' }> {
  const ref = refOf(wanted, 0)
  const { id, currency } = order
  const catalogue = await sellableVariants(ctx, { refs: [ref], currency })
  const [line] = pricedLines(ctx, { id, currency, items: [wanted] }, catalogue)
  const sellable = catalogue.get(ref)
  if (!line || !sellable) throw new Error('a line without a variant was priced')
  const isTaxed = state.tax_status === 'computed'
  return {
    kind: 'add_line',
    line: {
      id: line.id,
      product_id: line.product_id,
      variant_id: line.variant_id,
      item_id: line.item_id,
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      unit_amount: line.unit_amount,
      tax_class: isTaxed ? sellable.tax_class : null,
      image_url: isTaxed ? sellable.image_url : null,
    },
    rates: isTaxed ? await ratesDue(ctx, { order, state }, sellable) : [],
  }
}

const EXEMPTIONS = ['exempt', 'reverse_charge'] as const

/** What is due on a line where the order goes to, with the exemption under which it was placed. */
async function ratesDue(
  ctx: Context,
  { order, state }: Pick<Asked, 'order' | 'state'>,
  taxed: Pick<Sellable, 'tax_class' | 'tax_rate_ppm'>,
): Promise<readonly TaxRate[]> {
  const reasons = new Set(state.taxes.map(({ reason }) => reason))
  const exempt = EXEMPTIONS.find((reason) => reasons.size === 1 && reasons.has(reason))
  const to = order.shipping_address
  const destination = to && { country: to.country, region: to.state, postal_code: to.postal_code }
  const { tax_class, tax_rate_ppm } = taxed
  const rates = await taxRatesFor(ctx, { destination, classes: [tax_class], exempt })
  return ownRateFirst(rates.get(tax_class) ?? [], tax_rate_ppm)
}

async function replacing(
  ctx: Context,
  action: Action,
  { item_id, ...asked }: Asked & { item_id: NonNullable<Action['item_id']> },
): Promise<Effect[]> {
  const line = asked.state.lines.find(({ id, quantity }) => id === item_id && quantity > 0)
  if (!line) throw orderErrors.item_not_found({ item_id })
  const gone = line.cancelled_quantity + line.fulfilled_quantity
  const quantity = atLeastOne(action.quantity ?? line.quantity - gone, asked)
  return [
    { kind: 'set_quantity', order_line_id: item_id, quantity: gone },
    await addedLine(ctx, { ...action, quantity }, asked),
  ]
}

async function shipping(ctx: Context, action: Action, asked: Asked): Promise<Effect> {
  const { state } = asked
  if (action.amount === undefined) return { kind: 'set_shipping', fee: null, rates: [] }
  const amount = moneyIn(action.amount, asked)
  const former = state.fees.find(({ kind }) => kind === 'shipping')
  const code = action.method ?? former?.code ?? 'shipping'
  const name = action.label ?? former?.name ?? 'Shipping'
  const standard = { tax_class: STANDARD, tax_rate_ppm: null }
  const rates =
    state.tax_status === 'computed'
      ? (shippingRatesOf(state) ?? forShipping(await ratesDue(ctx, asked, standard)))
      : []
  return { kind: 'set_shipping', fee: { code, name, amount }, rates }
}

/** As in a cart: the default rate is for the goods only. */
const forShipping = (due: readonly TaxRate[]): readonly TaxRate[] =>
  isDefaultRate(due) ? due.map((rate) => ({ ...rate, rate_ppm: 0 })) : due

/** The members that differ; an address goes only where taxes and parcel allow it. */
export function detailsOf(
  order: OrderRow,
  said: Partial<Details>,
  taxes: Taxes,
): Effect & { kind: 'set_details' } {
  const changed = DETAILS.filter(
    (name) => said[name] !== undefined && !isEqual(said[name], order[name]),
  )
  if (changed.includes('shipping_address') && !isFirst(order, taxes)) {
    requireMovable(order, said.shipping_address ?? null)
  }
  return {
    kind: 'set_details',
    details: Object.fromEntries(changed.map((name) => [name, said[name]])),
  }
}

type Address = OrderRow['shipping_address']
type Taxes = readonly Pick<OrderState['taxes'][number], 'reason'>[]

/**
 * Whether nobody has said yet where it goes, and its taxes are those of no place (a flat rate, as a
 * channel may have it): then the first address that is told changes none of them.
 */
const isFirst = (order: OrderRow, taxes: Taxes): boolean =>
  order.shipping_address === null &&
  order.fulfillment_status === 'unfulfilled' &&
  taxes.length > 0 &&
  taxes.every(({ reason }) => reason === 'default')

function requireMovable(order: OrderRow, to: Address): void {
  if (order.fulfillment_status !== 'unfulfilled') {
    throw orderErrors.address_fixed({ problem: 'the parcel has left' })
  }
  if (order.tax_status === 'not_computed') return
  if (isEqual(destinationOf(order.shipping_address), destinationOf(to))) return
  throw orderErrors.address_fixed({
    problem: 'tax and shipping were computed for its country, state and postal code',
  })
}

export const destinationOf = (address: Address) =>
  address &&
  placeOf({
    country: address.country,
    region: address.state,
    postal_code: address.postal_code,
  })
