import { command, query } from '#platform/operations'
import { warehouseErrors as errors } from '../errors.ts'
import { closeRecall, updateContact } from './commands.ts'
import { contactLifecycle, recallLifecycle } from './lifecycle.ts'
import { openRecall } from './open-recall.ts'
import { getRecall, listContacts, listRecalls } from './queries.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const recallOperations = [
  query('warehouse.list_recalls', {
    rest: 'GET /api/v1/recalls',
    permission: 'inventory:read',
    summary: 'List recalls, the newest first',
    input: of.ListRecalls,
    output: of.Recalls,
    example: { status: 'open', limit: 20 },
    run: listRecalls,
  }),
  query('warehouse.get_recall', {
    rest: 'GET /api/v1/recalls/:id',
    permission: 'inventory:read',
    summary: 'Read a recall and how far it is',
    input: of.GetRecall,
    output: of.Recall,
    errors: [errors.recall_not_found],
    example: { id: EXAMPLE_ID },
    run: getRecall,
  }),
  query('warehouse.list_recall_contacts', {
    rest: 'GET /api/v1/recalls/:id/contacts',
    permission: 'orders:read',
    summary: 'List who got recalled units',
    description: 'Every order that the ledger says units went to, with its customer.',
    input: of.ListContacts,
    output: of.RecallContacts,
    errors: [errors.recall_not_found],
    example: { id: EXAMPLE_ID, status: 'pending', limit: 50 },
    run: listContacts,
  }),
  command('warehouse.open_recall', {
    rest: 'POST /api/v1/recalls',
    permission: 'inventory:recall',
    summary: 'Call lots or serial numbers back',
    description:
      'None of them is picked or shipped from now on. What is in the house goes to quarantine, as ' +
      'far as it is not promised; the rest follows when its promises end.',
    status: 201,
    isolation: 'read committed',
    input: of.OpenRecall,
    output: of.Recall,
    errors: [errors.lot_not_found, errors.serial_not_found],
    example: { title: 'Glaze may flake', lot_ids: [EXAMPLE_ID] },
    run: openRecall,
  }),
  command('warehouse.update_recall_contact', {
    rest: 'PUT /api/v1/recalls/:id/contacts/:contact_id',
    permission: 'inventory:recall',
    summary: 'Note that someone was told, gave units back, or will not',
    input: of.UpdateContact,
    output: of.RecallContact,
    errors: [
      errors.recall_not_found,
      errors.contact_not_found,
      errors.recall_closed,
      ...contactLifecycle.refusals('contact', 'return', 'write_off'),
    ],
    example: { id: EXAMPLE_ID, contact_id: EXAMPLE_ID, status: 'contacted', note: 'By e-mail.' },
    run: updateContact,
  }),
  command('warehouse.close_recall', {
    rest: 'POST /api/v1/recalls/:id/close',
    permission: 'inventory:recall',
    summary: 'End a recall',
    description: 'Its lots stay blocked until someone unblocks them.',
    input: of.GetRecall,
    output: of.Recall,
    errors: [
      errors.recall_not_found,
      errors.recall_unsettled,
      ...recallLifecycle.refusals('close'),
    ],
    example: { id: EXAMPLE_ID },
    run: closeRecall,
  }),
]
