type Numbered = { order_number: number; nth: number }

/** `1000001-F1`: the order's number and which of its fulfilment orders it is. */
export const printNumber = ({ order_number, nth }: Numbered): string => `${order_number}-F${nth}`

const NUMBER = /^(?:ORD-)?(\d{1,15})-F(\d{1,6})$/i

/** What `1000001-F1` names; undefined if the text is no such number. */
export function numberIn(text: string): Numbered | undefined {
  const [, order, nth] = NUMBER.exec(text.trim()) ?? []
  return order && nth ? { order_number: Number(order), nth: Number(nth) } : undefined
}
