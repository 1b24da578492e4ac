import { defineLifecycle } from '#kit/lifecycle'

/** Spelled as the operations API prints them. */
export const customerLifecycle = defineLifecycle('customer', {
  states: {
    Active: 'Buys.',
    Inactive: 'Has not bought for long, or asked for peace; may log in and buy again.',
    Suspended: 'Locked by staff; cannot log in.',
    Deleted: 'Gone; the row remains for its orders. The e-mail is free again.',
  },
  moves: {
    deactivate: { from: ['Active'], to: 'Inactive', when: 'Staff sets the customer aside.' },
    suspend: { from: ['Active', 'Inactive'], to: 'Suspended', when: 'Staff locks the customer.' },
    activate: {
      from: ['Inactive', 'Suspended'],
      to: 'Active',
      when: 'Staff takes the customer back.',
    },
    delete: {
      from: ['Active', 'Inactive', 'Suspended'],
      to: 'Deleted',
      when: 'The customer asks for it, or staff decides it.',
    },
  },
})
