import { defineLifecycle } from '#kit/lifecycle'

export const syncLifecycle = defineLifecycle('woocommerce_sync', {
  states: {
    waiting: 'Will be done when its time has come.',
    running: 'A process works on it; taken up again if that process dies.',
    done: 'Both sides are in step.',
    failed: 'Given up, after the last try or because trying again would not help.',
  },
  moves: {
    start: { from: ['waiting', 'running'], to: 'running', when: 'A process takes it up.' },
    finish: { from: ['running'], to: 'done', when: 'Both sides were brought into step.' },
    postpone: { from: ['running'], to: 'waiting', when: 'It failed and has tries left.' },
    give_up: { from: ['running'], to: 'failed', when: 'It failed for good.' },
    retry: { from: ['failed'], to: 'waiting', when: 'An operator asks for another try.' },
  },
})

/** What is brought into step. `pull_…` names what WooCommerce has by WooCommerce's own id. */
export const SYNC_KINDS = [
  'product',
  'stock',
  'order',
  'order_status',
  'category',
  'pull_product',
  'pull_category',
  'pull_order',
] as const
export type SyncKind = (typeof SYNC_KINDS)[number]

export const DIRECTIONS = ['to_woocommerce', 'from_woocommerce', 'bidirectional'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** What came of it. */
export const OUTCOMES = ['created', 'updated', 'pulled', 'merged', 'skipped'] as const
export type Outcome = (typeof OUTCOMES)[number]
