import { defineErrors } from '#kit/errors'

export const importErrors = defineErrors({
  not_found: {
    code: 'IMPORT_NOT_FOUND',
    status: 404,
    message: 'There is no import {import_id}.',
  },
  unreadable: {
    code: 'IMPORT_UNREADABLE',
    status: 400,
    message: '{problem}',
  },
  wrong_columns: {
    code: 'IMPORT_COLUMNS_WRONG',
    status: 400,
    message: 'The first line must name the columns: {problem}.',
  },
  too_large: {
    code: 'IMPORT_TOO_LARGE',
    status: 413,
    message: 'A file of more than {bytes} bytes is not imported; divide it.',
  },
  wrong_type: {
    code: 'IMPORT_TYPE_WRONG',
    status: 415,
    message: 'Send the file itself as text/csv.',
  },
})
