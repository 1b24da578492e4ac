import { type Static, Type } from 'typebox'
import { Text } from '#kit/schemas'
import { db, PURPOSES } from './tables.ts'

const { customer_consents } = db.tables
const { purpose, granted, source, text_version, recorded_at } = customer_consents.properties

export const Consent = Type.Object(customer_consents.properties)
export type Consent = Static<typeof Consent>

/** What holds now for one purpose. */
export const ConsentState = Type.Object({ purpose, granted, source, text_version, recorded_at })
export type ConsentState = Static<typeof ConsentState>

export const recordConsentInput = {
  purpose: Type.Enum([...PURPOSES]),
  granted: Type.Boolean({ description: 'False: withdrawn.' }),
  source: Type.Optional(
    Text(60, {
      description: 'Where it was said, such as `checkout`; `account` or `staff` unless.',
    }),
  ),
  ip: Type.Optional(
    Type.String({
      maxLength: 45,
      pattern: '^[0-9A-Fa-f.:]{2,45}$',
      description: 'The address it came from, as far as the caller knows it.',
    }),
  ),
  text_version: Type.Optional(Text(60, { description: 'Which wording was agreed to.' })),
}
const RecordConsent = Type.Object(recordConsentInput)
export type RecordConsent = Static<typeof RecordConsent>
