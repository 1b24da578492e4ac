// Storefronts whose callers name no cart: which one is meant, and what they do with it.
export { CHANNELS, type Channel } from './channel-names.ts'
export { addItem as addToCart } from './commands/add-item.ts'
export { clearCart as emptyCart } from './commands/clear-cart.ts'
export { removeItem as dropCartItem, setItem as setCartItem } from './commands/set-item.ts'
export { updateCart } from './commands/update-cart.ts'
export {
  type CartOf,
  currentCart,
  currentCartId,
  fetchCurrentCart,
  openCurrentCart,
} from './current-cart.ts'
export { CartItem, CartWithItems } from './schemas.ts'
export { newSession as newGuestSecret } from './sessions.ts'
export { Metadata as CartMetadata } from './tables.ts'
