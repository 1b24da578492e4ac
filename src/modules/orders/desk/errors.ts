import { defineErrors } from '#kit/errors'

export const deskErrors = defineErrors({
  hold_not_found: {
    code: 'ORDER_HOLD_NOT_FOUND',
    status: 404,
    message: 'The order has no hold {hold}.',
  },
  note_not_found: {
    code: 'ORDER_NOTE_NOT_FOUND',
    status: 404,
    message: 'The order has no note {note_id}.',
  },
  attachment_not_found: {
    code: 'ORDER_ATTACHMENT_NOT_FOUND',
    status: 404,
    message: 'The order has no attachment {attachment_id}.',
  },
  note_stays: {
    code: 'ORDER_NOTE_OF_SYSTEM',
    status: 409,
    message: 'What the system wrote down cannot be removed.',
  },
  too_many: {
    code: 'ORDER_TOO_MANY_MARKS',
    status: 422,
    message: 'An order holds at most {most} {things}.',
  },
})
