import { oneOf, optional, secret, text, whole, yes } from './setting-kinds.ts'

/** Money, stock, carts, orders, payments and returns, and how events of them are delivered. */
export const commerceSettings = {
  default_currency: text('The currency of what names none (ISO 4217).', 'USD', {
    pattern: '^[A-Z]{3}$',
  }),
  default_tax_rate: text(
    'The tax, as a share, while no tax rate is configured: 0.08 is 8 %.',
    '0.08',
    { pattern: '^(0(\\.\\d{1,6})?|1(\\.0{1,6})?)$', decimal: true },
  ),
  prices_include_tax: yes('Whether prices and shipping costs are told with their tax.', false),
  valuation_method: oneOf(
    'What stock is worth: the average of what its units cost, or what the newest of them cost. Both are kept.',
    ['moving_average', 'fifo'],
    { default: 'moving_average' },
  ),
  tax_rounding: oneOf(
    'Where tax is rounded: on every line, or once on the sums of a document.',
    ['line', 'document'],
    { default: 'line' },
  ),
  shop_country: text('The country of the shop (ISO 3166-1, two letters).', 'US', {
    pattern: '^[A-Z]{2}$',
  }),
  shop_region: optional('The state or province of the shop, by its code.', {
    pattern: '^[A-Za-z0-9-]{1,50}$',
  }),
  checkout_lifetime_minutes: whole(
    'How long a checkout holds its units after the last step, in minutes.',
    30,
    { minimum: 1, maximum: 1440 },
  ),
  unpaid_order_minutes: whole(
    'How long an order that a checkout placed may wait to be paid before it is cancelled, in minutes, at least as long as the checkout; 0: for ever.',
    30,
    { maximum: 525_600 },
  ),
  checkout_sweep_interval_ms: whole(
    'How often checkouts whose time is over give back what they hold, in milliseconds.',
    5000,
    { minimum: 10 },
  ),
  gift_card_valid_days: whole(
    'For how many days a gift card that was sold pays, where its product does not say; 0: without end.',
    0,
    { maximum: 36_500 },
  ),
  disable_gift_cards_on_lost_dispute: yes(
    'Whether gift cards that were paid with a payment whose dispute is lost are disabled; staff can enable them again.',
    true,
  ),
  return_window_days: whole(
    'How many days after its delivery an order may be returned; 0: without end.',
    30,
    { maximum: 36_500 },
  ),
  return_label_paid_by: oneOf(
    'Who pays for the way back, where no return policy says otherwise.',
    ['shop', 'customer'],
    { default: 'customer' },
  ),
  return_restocking_fee: text(
    'What is kept back of what was paid for returned units, as a share: 0.1 is 10 %.',
    '0',
    { pattern: '^(0(\\.\\d{1,6})?|1(\\.0{1,6})?)$', decimal: true },
  ),
  exchange_ships: oneOf(
    'Whether an exchange’s other goods leave once it is agreed, or when the goods are back.',
    ['on_approval', 'after_return'],
    { default: 'after_return' },
  ),
  payment_provider: oneOf(
    'Who takes payments; test is built in and moves no money.',
    ['stripe', 'test', 'none'],
    { defaults: { development: 'test', test: 'test', production: 'none' } },
  ),
  payment_webhook_secret: secret(
    'Checks the signature of payment webhooks. Production demands it if there is a provider.',
  ),
  payment_webhook_tolerance_secs: whole('How old a payment webhook may be, in seconds.', 300, {
    minimum: 1,
  }),
  ecommerce_webhook_secret: optional(
    'Checks the events that the e-commerce face is sent; unset, unsigned ones are taken, in development only.',
    { secret: true },
  ),
  payment_sweep_interval_ms: whole(
    'How often payments of unknown outcome are looked up, in milliseconds.',
    10_000,
    { minimum: 10 },
  ),
  reservation_sweep_interval_ms: whole(
    'How often expired reservations give their stock back, in milliseconds.',
    5000,
    { minimum: 10 },
  ),
  guest_carts: yes('Whether visitors who are not signed in may have carts.', true),
  cart_lifetime_days: whole('How long an untouched cart is kept open, in days.', 30, {
    minimum: 1,
    maximum: 3650,
  }),
  closed_carts_kept_days: whole(
    'How long carts that are given up, merged or expired can still be read, in days.',
    30,
  ),
  cart_sweep_interval_ms: whole(
    'How often carts whose time is over are closed, in milliseconds.',
    60_000,
    { minimum: 10 },
  ),
  outbox_poll_interval_ms: whole(
    'How often the relay looks for events that nobody told it of, in milliseconds.',
    1000,
    { minimum: 10 },
  ),
  outbox_batch_size: whole('How many events the relay claims at once.', 100, {
    minimum: 1,
    maximum: 1000,
  }),
  outbox_retries_max: whole('How often a delivery is tried again before it is dead.', 8),
}
