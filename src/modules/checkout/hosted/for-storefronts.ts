// Paying at the provider before there is an order, for storefronts and for who sweeps.
export { getHosted } from './get.ts'
export { openHosted } from './open.ts'
export { HostedCheckout, type Wanted as WantedPage } from './schemas.ts'
export { sweepHosted } from './sweep.ts'
