import {
  type Destination,
  type PricedCart,
  type PricedCartLine,
  pricedCart,
  type StoredCart,
} from '#modules/carts'
import type { Context } from '#platform/context'
import { checkoutErrors } from './errors.ts'
import type { CheckoutAddress, SessionRow } from './tables.ts'

type Chosen = Pick<SessionRow, 'shipping_address' | 'shipping_method'>

/**
 * What a checkout comes to now. Until its buyer has said where it goes, the cart's own guess
 * counts. Throws `cart_empty` and `items_unavailable`: what is not for sale is never left out
 * silently.
 */
export async function told(ctx: Context, chosen: Chosen, stored: StoredCart): Promise<PricedCart> {
  const { cart, lines } = stored
  if (lines.length === 0) throw checkoutErrors.cart_empty({ cart_id: cart.id })
  const { shipping_address, shipping_method } = chosen
  const priced = await pricedCart(ctx, stored, {
    shipping: shipping_method,
    // What is left on the shelf does not matter: the checkout holds what it needs.
    availability: false,
    ...(shipping_address && { destination: destinationOf(shipping_address) }),
  })
  const missing = priced.lines.filter(({ money }) => money === null)
  if (missing.length > 0) {
    throw checkoutErrors.items_unavailable({
      count: missing.length,
      items: missing.map(({ line, sellable }) => ({
        item_id: line.id,
        variant_id: line.variant_id,
        sku: sellable?.sku ?? null,
      })),
    })
  }
  return priced
}

const destinationOf = (address: CheckoutAddress): Destination => address

/** What a checkout keeps of what it came to: the amounts shown, and what could be chosen. */
export function factsOf({ priced, quotes, shipping, chosen, needs_shipping }: PricedCart) {
  return {
    subtotal_amount: priced.subtotal_amount,
    discount_amount: priced.discount_amount,
    shipping_amount: priced.shipping_amount,
    tax_amount: priced.tax_amount,
    total_amount: priced.total_amount,
    needs_shipping,
    // A method that does not go to the new address is not chosen any more.
    shipping_method: needs_shipping && chosen && shipping ? shipping.code : null,
    shipping_options: quotes.map((quote) => ({
      id: quote.method_id,
      code: quote.code,
      name: quote.name,
      amount: quote.amount,
      estimated_days_min: quote.estimated_days_min,
      estimated_days_max: quote.estimated_days_max,
    })),
  }
}

/** What must be in stock for a priced cart. */
export const demandsOf = ({ lines }: PricedCart) =>
  lines.flatMap(({ line, sellable }: PricedCartLine) =>
    sellable?.item_id ? [{ item_id: sellable.item_id, quantity: line.quantity }] : [],
  )
