import { command, Nothing, query } from '#platform/operations'
import { orderErrors as errors } from '../errors.ts'
import { orderLifecycle } from '../lifecycle.ts'
import { GetOrder, Order } from '../schemas.ts'
import { setAttributes } from './attributes.ts'
import { deskErrors } from './errors.ts'
import { holdOrder, releaseOrder } from './holds.ts'
import { addAttachment, addNote, listAttachments, removeAttachment, removeNote } from './notes.ts'
import { listNotes, whyOnHold } from './queries.ts'
import * as of from './schemas.ts'
import { addTags, removeTag, setTags } from './tags.ts'
import { unarchiveOrder } from './unarchive-order.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

const holds = [
  query('orders.list_holds', {
    rest: 'GET /api/v1/orders/:id/holds',
    permission: 'orders:update',
    summary: 'Read why an order is on hold',
    input: of.AskHolds,
    output: of.Holds,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: whyOnHold,
  }),
  command('orders.hold', {
    rest: 'POST /api/v1/orders/:id/hold',
    permission: 'orders:update',
    summary: 'Stop an order for a reason',
    description:
      'It may be stopped for several reasons at once, each with a code of its own; the same one twice is one.',
    isolation: 'read committed',
    input: of.HoldOrder,
    output: Order,
    errors: [errors.not_found, ...orderLifecycle.refusals('hold')],
    example: { id: EXAMPLE_ID, code: 'address_check', note: 'The house number is missing.' },
    run: holdOrder,
  }),
  command('orders.release', {
    rest: 'POST /api/v1/orders/:id/release',
    permission: 'orders:update',
    summary: 'Take away a reason that stops an order',
    description:
      'The one named by `hold_id` or `code`, else all. After the last one the order is where it was before it was held; what was paid meanwhile is confirmed.',
    isolation: 'read committed',
    input: of.ReleaseOrder,
    output: Order,
    errors: [
      errors.not_found,
      deskErrors.hold_not_found,
      ...orderLifecycle.refusals('release_to_confirmed'),
    ],
    example: { id: EXAMPLE_ID, code: 'address_check', note: 'Called them: it is number 12.' },
    run: releaseOrder,
  }),
  command('orders.unarchive', {
    rest: 'POST /api/v1/orders/:id/unarchive',
    permission: 'orders:update',
    summary: 'Put an archived order back into the lists',
    isolation: 'read committed',
    input: GetOrder,
    output: Order,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: unarchiveOrder,
  }),
]

const notes = [
  query('orders.list_notes', {
    rest: 'GET /api/v1/orders/:id/notes',
    permission: 'orders:read',
    summary: 'List the notes of an order, newest first',
    description: 'Customers read those written for them.',
    input: of.ListNotes,
    output: of.Notes,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, kind: 'internal', limit: 20 },
    run: listNotes,
  }),
  command('orders.add_note', {
    rest: 'POST /api/v1/orders/:id/notes',
    permission: 'orders:update',
    summary: 'Write a note on an order',
    status: 201,
    isolation: 'read committed',
    input: of.AddNote,
    output: of.Note,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, body: 'Wants it before Friday.', kind: 'internal' },
    run: addNote,
  }),
  command('orders.remove_note', {
    rest: 'DELETE /api/v1/orders/:id/notes/:note_id',
    permission: 'orders:update',
    summary: 'Remove a note of an order',
    status: 204,
    isolation: 'read committed',
    input: of.RemoveNote,
    output: Nothing,
    errors: [errors.not_found, deskErrors.note_not_found, deskErrors.note_stays],
    example: { id: EXAMPLE_ID, note_id: EXAMPLE_ID },
    run: removeNote,
  }),
  query('orders.list_attachments', {
    rest: 'GET /api/v1/orders/:id/attachments',
    permission: 'orders:read',
    summary: 'List the documents of an order',
    description: 'Customers are told those meant for them.',
    input: of.AskAttachments,
    output: of.Attachments,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: listAttachments,
  }),
  command('orders.add_attachment', {
    rest: 'POST /api/v1/orders/:id/attachments',
    permission: 'orders:update',
    summary: 'Attach a document to an order by its address',
    status: 201,
    isolation: 'read committed',
    input: of.AddAttachment,
    output: of.Attachment,
    errors: [errors.not_found, deskErrors.too_many],
    example: {
      id: EXAMPLE_ID,
      name: 'Customs declaration',
      url: 'https://files.example.com/customs/1000001.pdf',
    },
    run: addAttachment,
  }),
  command('orders.remove_attachment', {
    rest: 'DELETE /api/v1/orders/:id/attachments/:attachment_id',
    permission: 'orders:update',
    summary: 'Detach a document from an order',
    status: 204,
    isolation: 'read committed',
    input: of.RemoveAttachment,
    output: Nothing,
    errors: [errors.not_found, deskErrors.attachment_not_found],
    example: { id: EXAMPLE_ID, attachment_id: EXAMPLE_ID },
    run: removeAttachment,
  }),
]

const marks = [
  command('orders.set_tags', {
    rest: 'PUT /api/v1/orders/:id/tags',
    permission: 'orders:update',
    summary: 'Make these the tags of an order',
    isolation: 'read committed',
    input: of.SetTags,
    output: Order,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, tags: ['vip', 'gift'] },
    run: setTags,
  }),
  command('orders.add_tags', {
    rest: 'POST /api/v1/orders/:id/tags',
    permission: 'orders:update',
    summary: 'Put tags on an order',
    isolation: 'read committed',
    input: of.AddTags,
    output: Order,
    errors: [errors.not_found, deskErrors.too_many],
    example: { id: EXAMPLE_ID, tags: ['vip'] },
    run: addTags,
  }),
  command('orders.remove_tag', {
    rest: 'DELETE /api/v1/orders/:id/tags/:tag',
    permission: 'orders:update',
    summary: 'Take a tag off an order',
    isolation: 'read committed',
    input: of.RemoveTag,
    output: Order,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, tag: 'vip' },
    run: removeTag,
  }),
  command('orders.set_attributes', {
    rest: 'PUT /api/v1/orders/:id/attributes',
    permission: 'orders:update',
    summary: 'Set or remove custom attributes of an order',
    description:
      'Those left out stay as they are; null removes one. Orders are found by plain values: `?attribute=gift_wrap:true`.',
    isolation: 'read committed',
    input: of.SetAttributes,
    output: Order,
    errors: [errors.not_found, deskErrors.too_many],
    example: { id: EXAMPLE_ID, attributes: { gift_wrap: true, erp_number: 'A-1042' } },
    run: setAttributes,
  }),
]

/** What staff does with an order besides moving it on. */
export const deskOperations = [...holds, ...notes, ...marks]
