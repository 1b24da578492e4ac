import { defineErrors } from '#kit/errors'

export const taxErrors = defineErrors({
  rate_not_found: {
    code: 'TAX_RATE_NOT_FOUND',
    status: 404,
    message: 'There is no tax rate {tax_rate_id}.',
  },
  rate_overlaps: {
    code: 'TAX_RATE_OVERLAPS',
    status: 409,
    message:
      '{name} is in force there from {valid_from} on; end or archive that rate ({tax_rate_id}) first.',
  },
  class_not_found: {
    code: 'TAX_CLASS_NOT_FOUND',
    status: 404,
    message: 'There is no tax class {tax_class}.',
  },
  class_unknown: {
    code: 'TAX_CLASS_UNKNOWN',
    status: 400,
    message: '{field}: there is no tax class {tax_class}.',
  },
  class_taken: {
    code: 'TAX_CLASS_TAKEN',
    status: 409,
    message: 'There is, or was, a tax class {tax_class} already.',
  },
  class_in_use: {
    code: 'TAX_CLASS_IN_USE',
    status: 409,
    message: 'Tax class {tax_class} has rates; archive them first.',
  },
  class_built_in: {
    code: 'TAX_CLASS_BUILT_IN',
    status: 409,
    message: 'Tax class {tax_class} is built in and cannot be archived.',
  },
})
