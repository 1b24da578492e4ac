import { Type } from 'typebox'

/** What the Universal Commerce Protocol needs beside what all agents need. */
export const ucpSettings = {
  ucp_signing_secrets: Type.Array(Type.String({ minLength: 32 }), {
    description:
      'Texts that the keys of signed messages are made of: the first signs, all are published.',
    default: [],
    secret: true,
  }),
  ucp_signatures_required: Type.Boolean({
    description:
      'Platforms must sign their requests by a key of their profile. Without it they may, and a bad signature is refused either way.',
    default: false,
  }),
}
