import { defineLifecycle } from '#kit/lifecycle'

export const productLifecycle = defineLifecycle('product', {
  states: {
    draft: 'Being written; nobody outside sees it.',
    active: 'Shown and sold.',
    inactive: 'Taken out of sale for now; only staff sees it.',
    archived: 'No longer part of the catalogue; orders that name it still find it.',
  },
  moves: {
    activate: { from: ['draft', 'inactive'], to: 'active', when: 'Staff puts it on sale.' },
    deactivate: { from: ['active', 'draft'], to: 'inactive', when: 'Staff takes it out of sale.' },
    archive: {
      from: ['draft', 'active', 'inactive'],
      to: 'archived',
      when: 'Staff deletes it.',
    },
    restore: { from: ['archived'], to: 'inactive', when: 'Staff takes it back, not yet on sale.' },
  },
})

export type ProductStatus = (typeof productLifecycle.states)[number]
