import type { DemoLocation } from './types.ts'

/** The first serves the online orders; the others hold what they sell themselves. */
export const LOCATIONS: readonly DemoLocation[] = [
  {
    code: 'PWM-1',
    name: 'Portland warehouse',
    kind: 'warehouse',
    address: {
      street: '84 Cassidy Point Drive',
      city: 'Portland',
      state: 'ME',
      postal_code: '04102',
      country: 'US',
    },
  },
  {
    code: 'RTM-1',
    name: 'Rotterdam warehouse',
    kind: 'warehouse',
    address: {
      street: 'Waalhaven Oostzijde 81',
      city: 'Rotterdam',
      state: 'Zuid-Holland',
      postal_code: '3087 BM',
      country: 'NL',
    },
  },
  {
    code: 'BRS-SHOP',
    name: 'Shop on the harbour, Bristol',
    kind: 'shop',
    address: {
      street: '12 Wapping Road',
      city: 'Bristol',
      state: 'England',
      postal_code: 'BS1 4RN',
      country: 'GB',
    },
  },
]
