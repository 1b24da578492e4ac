import { randomBytes } from 'node:crypto'

/** What ids of a kind begin with on a face, and how many hexadecimal digits of chance follow. */
type Form = { prefix: string; digits: number }

/**
 * The published forms (`prd_` and 10 digits, `pi_` and 12). A form is long enough that few tries
 * find a free one; what must not be guessed is longer.
 */
const FORMS: Record<string, Form> = {
  'ecommerce product': { prefix: 'prd_', digits: 10 },
  'ecommerce order': { prefix: 'ord_', digits: 10 },
  'ecommerce payment_intent': { prefix: 'pi_', digits: 12 },
  'ecommerce client_secret': { prefix: 'cs_', digits: 32 },
  'shop cart': { prefix: 'cart_', digits: 24 },
  'shop product': { prefix: 'prod_', digits: 16 },
  'shop variant': { prefix: 'var_', digits: 16 },
  'shop item': { prefix: 'item_', digits: 16 },
  'shop order': { prefix: 'order_', digits: 24 },
  'shop user': { prefix: 'user_', digits: 16 },
  'shop checkout_session': { prefix: 'cs_', digits: 32 },
  'shop payment_intent': { prefix: 'pi_', digits: 24 },
}

/** A new public id by chance, never derived from the entity's own. Any other kind is its prefix. */
export function drawPublicId(face: string, kind: string): string {
  const { prefix, digits } = FORMS[`${face} ${kind}`] ?? { prefix: `${kind}_`, digits: 24 }
  return (
    prefix +
    randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits)
  )
}
