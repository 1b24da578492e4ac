import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { FulfilmentOrder, FulfilmentRef, OrderRef } from '../schemas.ts'

const { Optional } = Type

const Length = Type.Integer({ minimum: 1, maximum: 10_000 })
const Grams = Type.Integer({ minimum: 0, maximum: 10_000_000 })

export const CartonPreset = Type.Object({
  id: IdSchema('carton_preset'),
  code: Type.String(),
  name: Type.String(),
  length_mm: Type.Integer(),
  width_mm: Type.Integer(),
  height_mm: Type.Integer(),
  tare_weight_grams: Type.Integer({ description: 'Of the empty box.' }),
  max_weight_grams: Nullable(Type.Integer({ description: 'What it may weigh in all.' })),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type CartonPreset = Static<typeof CartonPreset>

const presetFields = {
  name: Text(100),
  length_mm: Length,
  width_mm: Length,
  height_mm: Length,
  tare_weight_grams: Optional(Grams),
  max_weight_grams: Optional(Nullable(Type.Integer({ minimum: 1, maximum: 10_000_000 }))),
}
export const CreatePreset = Type.Object({ code: Text(50), ...presetFields })
export type CreatePreset = Static<typeof CreatePreset>
const PresetRef = Text(64, { description: "The preset's id or code." })
export const UpdatePreset = Type.Object({
  id: PresetRef,
  ...Type.Partial(Type.Object(presetFields)).properties,
})
export type UpdatePreset = Static<typeof UpdatePreset>
export const GetPreset = Type.Object({ id: PresetRef })
export type GetPreset = Static<typeof GetPreset>
export const ListPresets = Type.Object(pageQuery)
export type ListPresets = Static<typeof ListPresets>
export const CartonPresets = PageOf(CartonPreset)

export const Carton = Type.Object({
  id: IdSchema('carton'),
  code: Type.String({ examples: ['1000001-F1-C1'], description: 'What is scanned to name it.' }),
  fulfilment_order_id: IdSchema('fulfilment_order'),
  order_id: IdSchema('order'),
  preset_id: Nullable(IdSchema('carton_preset')),
  length_mm: Nullable(Type.Integer()),
  width_mm: Nullable(Type.Integer()),
  height_mm: Nullable(Type.Integer()),
  tare_weight_grams: Type.Integer(),
  content_weight_grams: Type.Integer({
    description: 'Of all units whose weight the catalogue knows.',
  }),
  measured_weight_grams: Nullable(Type.Integer()),
  weight_grams: Type.Integer({ description: 'As measured, else of box and content.' }),
  is_weight_known: Type.Boolean({
    description: 'Whether it was measured, or the weight of every unit is known.',
  }),
  items: Type.Array(
    Type.Object({
      order_line_id: IdSchema('order_line'),
      sku: Type.String(),
      name: Type.String(),
      quantity: Type.Integer(),
    }),
  ),
  packed_by: Type.String(),
  created_at: Instant,
  updated_at: Instant,
})
export type Carton = Static<typeof Carton>
export const CartonsOf = Type.Object({
  items: Type.Array(Carton),
  weight_grams: Type.Integer({ description: 'Of all cartons.' }),
})
export type CartonsOf = Static<typeof CartonsOf>

const box = {
  preset: Optional(Nullable(PresetRef)),
  length_mm: Optional(Nullable(Length)),
  width_mm: Optional(Nullable(Length)),
  height_mm: Optional(Nullable(Length)),
  tare_weight_grams: Optional(Grams),
  measured_weight_grams: Optional(Nullable(Type.Integer({ minimum: 1, maximum: 10_000_000 }))),
}
const Content = Type.Array(
  Type.Object({
    order_line_id: IdSchema('order_line'),
    quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  }),
  { minItems: 1, maxItems: 500, description: 'All that is picked and not packed unless said.' },
)
export const PackCarton = Type.Object({ id: FulfilmentRef, ...box, items: Optional(Content) })
export type PackCarton = Static<typeof PackCarton>
export const CartonId = IdSchema('carton')
export const UpdateCarton = Type.Object({ id: FulfilmentRef, carton_id: CartonId, ...box })
export type UpdateCarton = Static<typeof UpdateCarton>
export const GetCarton = Type.Object({ id: FulfilmentRef, carton_id: CartonId })
export type GetCarton = Static<typeof GetCarton>
export const FindCarton = Type.Object({ code: Text(64, { description: 'What its label says.' }) })
export type FindCarton = Static<typeof FindCarton>
export const PackOrder = Type.Object({
  id: OrderRef,
  preset: Optional(Nullable(PresetRef)),
})
export type PackOrder = Static<typeof PackOrder>
export const OrderPacked = Type.Object({
  order_id: IdSchema('order'),
  packed_quantity: Type.Integer({ description: 'Units packed by this call.' }),
  cartons: Type.Array(Carton, { description: 'Those that this call made.' }),
  fulfilment_orders: Type.Array(FulfilmentOrder),
})
export type OrderPacked = Static<typeof OrderPacked>

export const PackingSlip = Type.Object({
  number: Type.String({ examples: ['1000001-F1'] }),
  order_number: Type.String({ examples: ['ORD-1000001'] }),
  order_date: Instant,
  location_id: Nullable(IdSchema('location')),
  ship_to: Nullable(Type.Record(Type.String(), Type.String())),
  note: Nullable(Type.String()),
  items: Type.Array(
    Type.Object({
      sku: Type.String(),
      name: Type.String(),
      quantity: Type.Integer({ description: 'To leave with this fulfilment order.' }),
      packed_quantity: Type.Integer(),
    }),
  ),
  cartons: Type.Array(Carton),
  weight_grams: Type.Integer(),
})
export type PackingSlip = Static<typeof PackingSlip>
