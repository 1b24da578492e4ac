import { defineLifecycle } from '#kit/lifecycle'

const PAYABLE = ['opening', 'open', 'closing'] as const

/** How a page or an intent at the payment provider fares, as this side knows it. */
export const hostedLifecycle = defineLifecycle('hosted_checkout', {
  states: {
    opening: 'It is stored, and the provider is asked to open it.',
    open: 'The payer can pay.',
    closing: 'Something else took its place: the provider is asked to close it.',
    paid: 'The provider has the money; the order is about to be placed.',
    complete: 'Its order is placed at exactly what was paid. Final.',
    returned: 'It was paid, but there could be no order any more: the money goes back. Final.',
    expired: 'It was closed unpaid. Money that comes all the same is taken up.',
    refused: 'The provider did not open it.',
  },
  moves: {
    open: { from: ['opening'], to: 'open', when: 'The provider has answered.' },
    refuse: { from: ['opening', 'closing'], to: 'refused', when: 'The provider said no.' },
    close: {
      from: ['opening', 'open'],
      to: 'closing',
      when: 'The cart was bought, dropped or asks for another amount.',
    },
    pay: {
      from: [...PAYABLE, 'expired', 'refused'],
      to: 'paid',
      when: 'The provider says that it was paid, whenever and however often it says so.',
    },
    expire: { from: [...PAYABLE], to: 'expired', when: 'The provider says that it is closed.' },
    complete: { from: ['opening', 'paid'], to: 'complete', when: 'The order is placed.' },
    return: { from: ['paid'], to: 'returned', when: 'No order can be made of it.' },
  },
})
