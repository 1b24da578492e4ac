import type { Static } from 'typebox'
import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import {
  addToCart as add,
  type CartWithItems,
  cartErrors,
  currentCart,
  currentCartId,
  emptyCart,
  findCart,
  openCurrentCart,
  updateCart,
} from '#modules/carts'
import { currencyOfProduct } from '#modules/catalogue'
import { inventoryErrors } from '#modules/inventory'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { ecommerceErrors } from './errors.ts'
import { FACE, meant, namesForRead, namesOf } from './names.ts'
import type { AddToCart, Cart, OfCaller } from './schemas.ts'

type Read = Static<typeof CartWithItems>
type Names = ReadonlyMap<string, string>

/** The caller's cart, at the prices of now. Nothing is made for who has none. */
export async function getCart(ctx: ProcessContext, { session_id }: OfCaller): Promise<Cart> {
  const cart = await ctx.read((tx) => currentCart(tx, { channel: FACE, session_id }))
  if (!cart) return emptyIn(ctx.settings.default_currency)
  return cartOf(cart, await namesForRead(ctx, 'product', productsIn(cart)))
}

/** Puts units of a product in: units of what is there already are added to it. */
export async function addToCart(ctx: Context, input: AddToCart): Promise<Cart> {
  const { product_id, quantity } = input
  const secret = secretOf(input)
  const found = await meant(ctx, 'product', product_id)
  const currency = found && (await currencyOfProduct(ctx, found))
  if (!found || !currency) throw ecommerceErrors.product_not_found()
  const cart_id = await openCurrentCart(ctx, { channel: FACE, ...secret, currency })
  await agreeOnCurrency(ctx, { id: cart_id, ...secret, currency })
  try {
    await add(ctx, { id: cart_id, ...secret, product_id: found, quantity })
  } catch (error) {
    throw asPublished(error)
  }
  return written(ctx, secret)
}

/** The secret of the caller's cart, if they have one. */
const secretOf = ({ session_id }: OfCaller): OfCaller =>
  session_id === undefined ? {} : { session_id }

type Chosen = OfCaller & { id: Id<'cart'>; currency: string }

/** A cart has one currency: that of what was put in first. */
async function agreeOnCurrency(ctx: Context, chosen: Chosen) {
  const { cart, lines } = await findCart(ctx, chosen)
  const { currency } = chosen
  if (lines.length > 0 || cart.currency === currency) return
  await updateCart(ctx, chosen)
}

const REFUSALS: Record<string, (error: DomainError) => DomainError> = {
  [cartErrors.unknown_product.spec.code]: () => ecommerceErrors.product_not_found(),
  [inventoryErrors.insufficient_stock.spec.code]: () => ecommerceErrors.cart_stock(),
  [cartErrors.no_price.spec.code]: ({ details }) =>
    ecommerceErrors.cart_currency({
      currency: String(details.currency),
      sku: String(details.sku),
    }),
}

const asPublished = (error: unknown): unknown =>
  error instanceof DomainError ? (REFUSALS[error.code]?.(error) ?? error) : error

/** Takes everything out. */
export async function clearCart(ctx: Context, of: OfCaller): Promise<Cart> {
  const id = await currentCartId(ctx, { channel: FACE, ...of })
  if (!id) return emptyIn(ctx.settings.default_currency)
  await emptyCart(ctx, { id, ...secretOf(of) })
  return emptyIn(ctx.settings.default_currency)
}

async function written(ctx: Context, { session_id }: OfCaller): Promise<Cart> {
  const cart = await currentCart(ctx, { channel: FACE, session_id })
  if (!cart) return emptyIn(ctx.settings.default_currency)
  return cartOf(cart, await namesOf(ctx, 'product', productsIn(cart)))
}

const productsIn = ({ items }: Read): string[] =>
  items.flatMap(({ product_id }) => (product_id ? [product_id] : []))

const emptyIn = (currency: string): Cart => ({
  items: [],
  item_count: 0,
  subtotal: formatMoney(0, currency),
  currency,
})

function cartOf({ cart, items }: Read, names: Names): Cart {
  if (items.length === 0) return emptyIn(cart.currency)
  return {
    items: items.map(({ product_id, sku, name, quantity, unit_price, line_total }) => ({
      product_id: (product_id && names.get(product_id)) ?? '',
      sku: sku ?? '',
      name: name ?? '',
      quantity,
      unit_price,
      line_total,
    })),
    item_count: items.reduce((sum, { quantity }) => sum + quantity, 0),
    subtotal: cart.subtotal,
    currency: cart.currency,
  }
}
