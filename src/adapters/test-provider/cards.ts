import type { Card } from '#modules/vault'

/** What the numbers of test cards, as Stripe publishes them, make the test provider do. */
const BEHAVIOURS: Record<string, string> = {
  '4000000000000002': 'pm_test_declined',
  '4000000000009995': 'pm_test_insufficient_funds',
  '4000000000000069': 'pm_test_expired_card',
  '4000000000003220': 'pm_test_3ds',
  '4000008400001629': 'pm_test_3ds_fails',
}

/**
 * The payment method that a card stands for; any other card pays. A card that is gone is declined.
 */
export const methodOf = (card: Card | undefined): string =>
  card ? (BEHAVIOURS[card.number] ?? 'pm_test_success') : 'pm_test_card_gone'
