import { parseCurrency } from '#kit/money'
import { unitPriceOf } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { cartErrors } from '../errors.ts'
import { cartEvents } from '../events.ts'
import type { StoredCart } from '../find.ts'
import { fitting } from '../items.ts'
import { seePrices } from '../lines.ts'
import { openCart } from '../open-cart.ts'
import { type Catalogue, catalogueOf, pricedCart } from '../pricing.ts'
import { saveCart } from '../save.ts'
import type { Cart, UpdateCart } from '../schemas.ts'
import { cartOf } from '../wire.ts'

/** Changes e-mail, metadata or currency; another currency prices every line anew. */
export async function updateCart(ctx: Context, input: UpdateCart): Promise<Cart> {
  const before = await openCart(ctx, input)
  const currency = input.currency === undefined ? undefined : parseCurrency(input.currency)
  const metadata = fitting(input.metadata, 'metadata')
  const cart = {
    ...before.cart,
    ...(currency !== undefined && { currency }),
    ...(input.email !== undefined && { email: input.email }),
    ...(metadata !== undefined && { metadata }),
  }
  const catalogue = await catalogueOf(ctx, before.lines, cart.currency)
  const isOther = currency !== undefined && currency !== before.cart.currency
  const after = isOther ? inCurrency(ctx, { ...before, cart }, catalogue) : { ...before, cart }
  const told = await pricedCart(ctx, after, { catalogue })
  const changed = (['currency', 'email', 'metadata'] as const).filter(
    (name) => input[name] !== undefined,
  )
  emit(ctx, cartEvents.updated({ cart_id: cart.id, changed }))
  const rows = after.lines.map(({ id, unit_amount_seen }) => ({ id, unit_amount_seen }))
  const writes = { lines: { write: seePrices.bind(ctx, { rows }), rows: rows.length } }
  const stored = await saveCart(ctx, {
    before,
    after,
    told,
    ...(isOther && rows.length > 0 && { writes }),
  })
  return cartOf({ ctx, stored, told })
}

/** The lines at the prices of the cart's new currency; refuses one in which a line has none. */
function inCurrency(ctx: Context, stored: StoredCart, catalogue: Catalogue): StoredCart {
  const { currency } = stored.cart
  const lines = stored.lines.map((line) => {
    const sellable = catalogue.get(line.variant_id)
    const price = sellable && unitPriceOf(sellable, line.quantity, ctx.now)
    if (sellable?.sellable && !price) {
      throw cartErrors.no_price({ field: 'currency', sku: sellable.sku, currency })
    }
    return { ...line, unit_amount_seen: price?.unit_amount ?? 0 }
  })
  return { ...stored, lines }
}
