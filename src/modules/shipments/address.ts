import { postalAddress, streetAddress } from '#modules/customers'
import type { OrderRow } from '#modules/orders'
import type { ShipAddress } from './tables.ts'

/** Where a shipment goes: in parts, as one text, and to whom. */
export type Destination = {
  ship_to: ShipAddress
  shipping_address: string
  recipient_name: string
}

type Sent = {
  shipping_address?: string | ShipAddress | undefined
  recipient_name?: string | undefined
}

/**
 * Where a shipment goes: what was sent, else the order's address. A text cannot be taken apart, so
 * labels keep the order's parts: whoever sends another place sends it in parts.
 */
export function destinationOf(sent: Sent, order: OrderRow): Destination {
  const { shipping_address: given } = sent
  const parts = typeof given === 'object' ? given : (order.shipping_address ?? {})
  const ship_to = streetAddress(postalAddress(parts))
  const recipient_name = sent.recipient_name ?? ship_to.name ?? ''
  const text = typeof given === 'string' ? given.trim() : ''
  return {
    ship_to: { ...ship_to, ...(recipient_name !== '' && { name: recipient_name }) },
    shipping_address: text === '' ? addressText(ship_to) : text,
    recipient_name,
  }
}

/** An address as one line of text. */
export function addressText(address: ShipAddress): string {
  const { name: _, phone: __, state, postal_code, ...parts } = address
  const place = [state, postal_code].filter(Boolean).join(' ')
  return [parts.company, parts.street, parts.street2, parts.city, place, parts.country]
    .filter(Boolean)
    .join(', ')
}
