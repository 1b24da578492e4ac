import type { Letter, Row } from './letter.ts'
import { printedMoney } from './letter.ts'

/** What the letters tell of an order. Amounts in minor units of its currency. */
export type OrderFacts = {
  number: string
  name: string | null
  currency: string
  is_paid: boolean
  lines: readonly {
    name: string
    quantity: number
    amount: number
    /** The e-mail of whom a gift card is for, if not the buyer. */
    recipient: string | null
  }[]
  discount_amount: number
  shipping_amount: number
  tax_amount: number
  prices_include_tax: boolean
  total_amount: number
  address: readonly string[]
}

const greetingOf = (name: string | null): string => (name ? `Hello ${name},` : 'Hello,')
const REGARDS = ['Kind regards,']

/** To a buyer whose order stands, paid or not. */
export function orderConfirmed(order: OrderFacts): Letter {
  const { number, name, is_paid, address } = order
  return {
    subject: `Your order ${number}`,
    greeting: greetingOf(name),
    paragraphs: [
      `thank you for your order ${number}. ${
        is_paid
          ? 'We have received your payment.'
          : 'It is confirmed; its payment is still to come.'
      }`,
      ...(address.length > 0 ? [`It goes to: ${address.join(', ')}`] : []),
      ...giftsOf(order),
    ],
    rows: rowsOf(order),
    closing: REGARDS,
  }
}

/** Where gift cards go that are for others. The code is told to them, and not to the buyer. */
const giftsOf = ({ lines, is_paid }: OrderFacts): string[] =>
  lines.flatMap(({ quantity, name, recipient }) =>
    recipient === null
      ? []
      : is_paid
        ? [`We have sent ${quantity} × ${name} to ${recipient} by e-mail.`]
        : [`Once it is paid, we send ${quantity} × ${name} by e-mail to whom it is for.`],
  )

function rowsOf(order: OrderFacts): Row[] {
  const { currency, lines, discount_amount, shipping_amount, tax_amount, total_amount } = order
  const money = (amount: number) => printedMoney(amount, currency)
  const part = (left: string, amount: number): Row[] =>
    amount === 0 ? [] : [{ left, right: money(amount) }]
  return [
    ...lines.map(({ name, quantity, amount }) => ({
      left: `${quantity} × ${name}`,
      right: money(amount),
    })),
    ...part('Discount', -discount_amount),
    ...part('Shipping', shipping_amount),
    ...part(order.prices_include_tax ? 'Tax, included' : 'Tax', tax_amount),
    { left: 'Total', right: money(total_amount), bold: true },
  ]
}

/** To a buyer whose money could not be taken, or was taken back. */
export function paymentFailed(
  { number, name, currency }: OrderFacts,
  { amount, was_taken }: { amount: number; was_taken: boolean },
): Letter {
  const money = printedMoney(amount, currency)
  return {
    subject: `Your payment for order ${number}`,
    greeting: greetingOf(name),
    paragraphs: [
      was_taken
        ? `your payment of ${money} for order ${number} was taken back by your bank or card.`
        : `your payment of ${money} for order ${number} did not go through. Nothing was charged.`,
      'Please try again, or choose another way to pay.',
    ],
    closing: REGARDS,
  }
}

/** To a buyer who tried to pay before there was an order. */
export function checkoutPaymentFailed({
  amount,
  currency,
}: {
  amount: number
  currency: string
}): Letter {
  return {
    subject: 'Your payment did not go through',
    greeting: greetingOf(null),
    paragraphs: [
      `your payment of ${printedMoney(amount, currency)} did not go through. Nothing was charged.`,
      'Your cart is still there: please try again, or choose another way to pay.',
    ],
    closing: REGARDS,
  }
}

/** To a buyer who has paid for what could not be sold any more. */
export function notSold({ number, name, currency }: OrderFacts, amount: number): Letter {
  return {
    subject: `Your order ${number} could not be placed`,
    greeting: greetingOf(name),
    paragraphs: [
      `your payment of ${printedMoney(amount, currency)} arrived, but what you wanted to buy was no ` +
        `longer there. We have cancelled order ${number}.`,
      'All of it goes back the way you paid, and may take some days to arrive.',
    ],
    closing: REGARDS,
  }
}

/** To a buyer who gets money back. */
export function paymentRefunded({ number, name, currency }: OrderFacts, amount: number): Letter {
  return {
    subject: `Your refund for order ${number}`,
    greeting: greetingOf(name),
    paragraphs: [
      `we have refunded ${printedMoney(amount, currency)} of your order ${number}.`,
      'It goes back the way you paid, and may take some days to arrive.',
    ],
    closing: REGARDS,
  }
}

/** To a buyer whose parcel has left. */
export function orderShipped(
  { number, name }: OrderFacts,
  { parts, tracking }: { parts: readonly string[]; tracking: readonly string[] },
): Letter {
  return {
    subject: `Your order ${number} is on its way`,
    greeting: greetingOf(name),
    paragraphs: [
      `we have sent you goods of your order ${number}.`,
      ...(tracking.length > 0 ? [`You can follow it by: ${tracking.join(', ')}`] : []),
    ],
    rows: parts.map((left) => ({ left, right: '' })),
    closing: REGARDS,
  }
}

type Card = { currency: string; balance_amount: number; expires_at: string | null; code: string }

/** To whoever has bought a gift card: the only place that has its code. */
export function giftCard({ number, name }: OrderFacts, card: Card): Letter {
  const { currency, balance_amount, code } = card
  return {
    subject: `Your gift card of order ${number}`,
    greeting: greetingOf(name),
    paragraphs: [
      `here is the gift card over ${printedMoney(balance_amount, currency)} of your order ${number}.`,
      `Its code is ${code}`,
      'Enter it when you pay, or give it to somebody else: whoever has the code can spend the card.',
      ...endOf(card),
    ],
    closing: REGARDS,
  }
}

const endOf = ({ expires_at }: Card): string[] =>
  expires_at ? [`It pays until ${expires_at.slice(0, 10)}.`] : []

type Given = Card & { recipient_name: string | null; message: string | null }

/** To whom somebody else has bought a gift card for: of the order they are told nothing. */
export function giftCardFrom({ name }: OrderFacts, card: Given): Letter {
  const { currency, balance_amount, recipient_name, message, code } = card
  const money = printedMoney(balance_amount, currency)
  return {
    subject: 'A gift card for you',
    greeting: greetingOf(recipient_name),
    paragraphs: [
      `${name ?? 'somebody'} has given you a gift card over ${money}.`,
      ...(message ? [message] : []),
      `Its code is ${code}`,
      'Enter it when you pay. Whoever has the code can spend the card.',
      ...endOf(card),
    ],
    closing: REGARDS,
  }
}
