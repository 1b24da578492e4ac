import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const ofClass = Type.Object({ tax_class_id: IdSchema('tax_class'), code: Type.String() })
const ofRate = Type.Object({
  tax_rate_id: IdSchema('tax_rate'),
  country: Type.String(),
  jurisdiction: Type.String(),
  tax_class: Type.String(),
  name: Type.String(),
  /** Parts per million: 80,000 is 8 %. */
  rate_ppm: Type.Integer(),
  valid_from: Instant,
  valid_until: Nullable(Instant),
})
export type RateTold = Static<typeof ofRate>

export const taxClassEvents = defineEvents('tax_class', {
  created: {
    description: 'The shop got a tax class.',
    entity: 'tax_class_id',
    payload: ofClass,
  },
  updated: {
    description: "A tax class's name or description changed.",
    entity: 'tax_class_id',
    payload: ofClass,
  },
  archived: {
    description: 'A tax class is no longer given; what is of it is taxed as standard.',
    entity: 'tax_class_id',
    payload: ofClass,
  },
})

export const taxRateEvents = defineEvents('tax_rate', {
  created: {
    description: 'A tax rate was added; it applies from `valid_from` on.',
    entity: 'tax_rate_id',
    payload: ofRate,
  },
  updated: {
    description: 'A tax rate changed, or got another time in which it is in force.',
    entity: 'tax_rate_id',
    payload: ofRate,
  },
  archived: {
    description: 'A tax rate was taken away: it applies no longer, whatever its time.',
    entity: 'tax_rate_id',
    payload: ofRate,
  },
})
