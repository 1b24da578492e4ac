/** `1000001-S1`: the order's number and which of its shipments it is. */
export const printShipmentNumber = (order_number: number, position: number): string =>
  `${order_number}-S${position}`

const NUMBER = /^(?:ORD-)?(\d{1,15}-S\d{1,6})$/i

/** The number that a text is, however it is spelled; undefined if it is none. */
export const shipmentNumberIn = (text: string): string | undefined =>
  NUMBER.exec(text.trim())?.[1]?.toUpperCase()
