import { parseMoney } from '#kit/money'
import { toInstant } from '#kit/schemas'
import { addArticles, sellableVariants } from '#modules/catalogue'
import { recipientColumns, requireGiftCard } from '#modules/credit'
import { articleOf } from '#modules/orders'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { draftErrors } from './errors.ts'
import type {
  CreateDraft,
  LineInput,
  ReductionInput,
  ShippingInput,
  UpdateDraft,
} from './schemas.ts'
import type { ChosenShipping, DraftLineRow, DraftRow, Reduction } from './tables.ts'

type Said = Omit<UpdateDraft, 'id'> | CreateDraft

/** What a request says of a draft, as it is stored; only the members that it names. */
export function membersOf(ctx: Context, said: Said, currency: string): Partial<DraftRow> {
  const change: Partial<DraftRow> = {}
  for (const member of [
    'shipping_address',
    'billing_address',
    'email',
    'note',
    'staff_note',
  ] as const) {
    if (said[member] !== undefined) Object.assign(change, { [member]: said[member] })
  }
  if (said.shipping !== undefined) change.shipping = shippingOf(said.shipping, currency)
  if (said.discount !== undefined)
    change.discount = reductionOf(said.discount, currency, 'discount')
  if (said.reserve_stock !== undefined) change.reserves = said.reserve_stock
  if (said.expires_at !== undefined) change.expires_at = expiryOf(ctx, said.expires_at)
  return change
}

function expiryOf(ctx: Context, text: string | null): string | null {
  if (text === null) return null
  const expires_at = toInstant(text)
  if (expires_at <= ctx.now) throw invalidField('expires_at', 'must be in the future')
  return expires_at
}

function shippingOf(said: ShippingInput | null, currency: string): ChosenShipping | null {
  if (said === null) return null
  const { method = null, name = null, price } = said
  if ((method === null) === (price === undefined)) {
    throw invalidField('shipping', 'needs a method, or a price of your own')
  }
  const amount = price === undefined ? null : positive(price, currency, 'shipping.price')
  return { method, name: method === null ? (name ?? 'Shipping') : null, amount }
}

function reductionOf(
  said: ReductionInput | null | undefined,
  currency: string,
  field: string,
): Reduction | null {
  if (said === null || said === undefined) return null
  const { label = 'Discount', percent, amount } = said
  if ((percent === undefined) === (amount === undefined)) {
    throw invalidField(field, 'needs a percent or an amount, one of the two')
  }
  if (amount === undefined) {
    return { label, rate_ppm: Math.round(Number(percent) * 10_000), amount: null }
  }
  return { label, rate_ppm: null, amount: positive(amount, currency, `${field}.amount`) }
}

function positive(value: string | number, currency: string, field: string): number {
  const amount = parseMoney(value, currency, field)
  if (amount < 0) throw invalidField(field, 'must not be negative')
  return amount
}

/** A line names what the catalogue has, or says what it sells and at which price. */
function requireOneKind({ product_id, custom, unit_price }: LineInput, index: number): void {
  if ((product_id === undefined) === (custom === undefined)) {
    throw invalidField(`lines.${index}`, 'needs a product_id or custom, one of the two')
  }
  if (custom && (unit_price === undefined || unit_price === null)) {
    throw invalidField(`lines.${index}.unit_price`, 'is required for what is not in the catalogue')
  }
}

type Of = Pick<DraftRow, 'id' | 'currency'>

/** The lines that a request names, as rows; throws `unknown_product`. */
export async function linesOf(
  ctx: Context,
  { id, currency }: Of,
  said: readonly LineInput[],
): Promise<DraftLineRow[]> {
  said.forEach(requireOneKind)
  const refs = said.flatMap(({ product_id }) => product_id ?? [])
  const catalogue = await sellableVariants(ctx, { refs, currency })
  for (const [index, { product_id: product }] of said.entries()) {
    if (product !== undefined && !catalogue.has(product)) {
      throw draftErrors.unknown_product({ index, product })
    }
  }
  for (const [index, { product_id: product, gift_card_recipient }] of said.entries()) {
    const sold = product === undefined ? undefined : catalogue.get(product)
    requireGiftCard(gift_card_recipient, sold, `lines.${index}.gift_card_recipient`)
  }
  const made = await addArticles(
    ctx,
    said.flatMap(({ custom }) => (custom ? [articleOf(custom)] : [])),
  )
  return said.map((line, index) => {
    const { product_id, quantity, unit_price, discount } = line
    const sold = product_id === undefined ? made.shift() : catalogue.get(product_id)?.variant_id
    if (!sold) throw new Error('a line of a draft sells nothing')
    const at = `lines.${index}`
    const priced = unit_price !== null && unit_price !== undefined
    return {
      id: ctx.newId('draft_line'),
      draft_id: id,
      position: index + 1,
      variant_id: sold,
      quantity,
      unit_amount: priced ? positive(unit_price, currency, `${at}.unit_price`) : null,
      discount: reductionOf(discount, currency, `${at}.discount`),
      ...recipientColumns(line.gift_card_recipient),
    }
  })
}
