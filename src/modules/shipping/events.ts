import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const ofZone = Type.Object({ zone_id: IdSchema('shipping_zone'), name: Type.String() })
const ofMethod = Type.Object({
  method_id: IdSchema('shipping_method'),
  code: Type.String(),
  currency: Currency,
  zone_id: Nullable(IdSchema('shipping_zone')),
})

export const shippingZoneEvents = defineEvents('shipping_zone', {
  created: {
    description: 'A shipping zone was made.',
    entity: 'zone_id',
    payload: ofZone,
  },
  updated: {
    description: "A shipping zone's name or its areas changed.",
    entity: 'zone_id',
    payload: ofZone,
  },
  archived: {
    description: 'A shipping zone was given up; no method went there any more.',
    entity: 'zone_id',
    payload: ofZone,
  },
})

export const shippingMethodEvents = defineEvents('shipping_method', {
  created: {
    description: 'A shipping method was made.',
    entity: 'method_id',
    payload: ofMethod,
  },
  updated: {
    description: "A shipping method's facts, its rates or its zone changed.",
    entity: 'method_id',
    payload: ofMethod,
  },
  archived: {
    description: 'A shipping method is no longer offered; orders that were sent by it keep it.',
    entity: 'method_id',
    payload: ofMethod,
  },
})
