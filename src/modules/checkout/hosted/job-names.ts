export const PLACE_HOSTED = 'checkout.place_hosted'
export const CLOSE_HOSTED = 'checkout.close_hosted'
