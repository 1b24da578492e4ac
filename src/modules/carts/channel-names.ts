/** Storefront interfaces whose carts have taxes and shipping of their own; null is the house's. */
export const CHANNELS = ['ecommerce', 'shop'] as const
export type Channel = (typeof CHANNELS)[number]
