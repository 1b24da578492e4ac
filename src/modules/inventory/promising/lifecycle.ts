import { defineLifecycle } from '#kit/lifecycle'

export const supplyLifecycle = defineLifecycle('supply', {
  states: {
    expected: 'Units are on their way from outside, or part of them.',
    received: 'All of them came.',
    cancelled: 'The rest will not come.',
  },
  moves: {
    change: { from: ['expected'], to: 'expected', when: 'It comes at another time.' },
    receive: { from: ['expected'], to: 'received', when: 'The last unit comes in.' },
    cancel: { from: ['expected'], to: 'cancelled', when: 'Nothing more will come.' },
  },
})
