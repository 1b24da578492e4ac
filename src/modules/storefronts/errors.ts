import { defineErrors } from '#kit/errors'

export const storefrontErrors = defineErrors({
  linked_otherwise: {
    code: 'EXTERNAL_ID_LINKED',
    status: 409,
    message: '{kind} {public_id} of {face}, or what it names here, is linked with another.',
  },
})
