import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { LotUnits } from '../events.ts'
import { ItemRef, LocationRef, QUANTITY_MAX, Reason, State } from '../schemas.ts'
import { UnitAmount, UnitCode } from '../units/schemas.ts'
import { transferLifecycle } from './lifecycle.ts'

export const LINES_MAX = 10_000
const LOTS_MAX = 100

const count = Type.Integer({ minimum: 0 })
const quantities = {
  quantity: Type.Integer({ description: 'What is to go.' }),
  shipped_quantity: count,
  received_quantity: count,
  lost_quantity: Type.Integer({ minimum: 0, description: 'Written off on the way.' }),
  returned_quantity: Type.Integer({ minimum: 0, description: 'Went back, as it was cancelled.' }),
  in_transit_quantity: Type.Integer({
    minimum: 0,
    description: 'shipped − received − lost − returned.',
  }),
}
export const Transfer = Type.Object({
  id: IdSchema('transfer'),
  transfer_number: Type.String(),
  from_location_id: IdSchema('location'),
  to_location_id: IdSchema('location'),
  status: transferLifecycle.schema,
  reference: Nullable(Type.String()),
  notes: Nullable(Type.String()),
  expected_at: Nullable(Instant),
  holds_stock: Type.Boolean({
    description: 'Its units are promised to it from the draft on, until they leave.',
  }),
  line_count: count,
  ...quantities,
  dispatched_at: Nullable(Instant),
  received_at: Nullable(Instant),
  cancelled_at: Nullable(Instant),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Transfer = Static<typeof Transfer>
export const TransferLine = Type.Object({
  id: IdSchema('transfer_line'),
  position: Type.Integer(),
  item_id: IdSchema('item'),
  item_number: Type.String(),
  ...quantities,
})
export type TransferLine = Static<typeof TransferLine>
export const TransferReceipt = Type.Object({
  id: IdSchema('transfer_receipt'),
  notes: Nullable(Type.String()),
  received_quantity: count,
  lost_quantity: count,
  returned_quantity: count,
  actor: Type.String(),
  created_at: Instant,
})
export type TransferReceipt = Static<typeof TransferReceipt>

const TransferRef = Text(64, { description: "The transfer's id or number." })
export const GetTransfer = Type.Object({ id: TransferRef })
export type GetTransfer = Static<typeof GetTransfer>
export const ListTransfers = Type.Object({
  ...pageQuery,
  status: Type.Optional(transferLifecycle.schema),
  from_location_id: Type.Optional(LocationRef),
  to_location_id: Type.Optional(LocationRef),
})
export type ListTransfers = Static<typeof ListTransfers>
export const Transfers = PageOf(Transfer)
export const ListOfTransfer = Type.Object({ ...pageQuery, id: TransferRef })
export type ListOfTransfer = Static<typeof ListOfTransfer>
export const TransferLines = PageOf(TransferLine)
export const TransferReceipts = PageOf(TransferReceipt)

const Line = Type.Object({
  item_number: ItemRef,
  quantity: UnitAmount,
  unit: Type.Optional(UnitCode),
})
const facts = {
  reference: Type.Optional(Nullable(Text(100))),
  notes: Type.Optional(Nullable(LongText(2000))),
  expected_at: Type.Optional(Nullable(InstantInput)),
  hold_stock: Type.Optional(
    Type.Boolean({
      description:
        'Hold its units until they leave; a draft that does not holds nothing. False unless said.',
    }),
  ),
}
const lines = Type.Array(Line, { minItems: 1, maxItems: LINES_MAX })
export const CreateTransfer = Type.Object({
  from_location_id: LocationRef,
  to_location_id: LocationRef,
  lines,
  ...facts,
})
export type CreateTransfer = Static<typeof CreateTransfer>
export const UpdateTransfer = Type.Object({
  id: TransferRef,
  lines: Type.Optional(lines),
  ...facts,
})
export type UpdateTransfer = Static<typeof UpdateTransfer>

const lots = Type.Optional(Type.Array(LotUnits, { maxItems: LOTS_MAX }))
export const DispatchTransfer = Type.Object({
  id: TransferRef,
  lines: Type.Optional(
    Type.Array(
      Type.Object({
        item_number: ItemRef,
        quantity: Type.Optional(
          Type.Integer({ minimum: 0, maximum: QUANTITY_MAX, description: 'Fewer than planned.' }),
        ),
        lots,
      }),
      { minItems: 1, maxItems: LINES_MAX, description: 'Only what goes otherwise than planned.' },
    ),
  ),
})
export type DispatchTransfer = Static<typeof DispatchTransfer>
export const ReceiveTransfer = Type.Object({
  id: TransferRef,
  lines: Type.Optional(
    Type.Array(
      Type.Object({
        item_number: ItemRef,
        quantity: Type.Optional(UnitAmount),
        unit: Type.Optional(UnitCode),
        state: Type.Optional(State),
        lost_quantity: Type.Optional(
          Type.Integer({ minimum: 1, maximum: QUANTITY_MAX, description: 'Did not arrive.' }),
        ),
        reason: Type.Optional(Reason),
        lots,
      }),
      {
        minItems: 1,
        maxItems: LINES_MAX,
        description: 'What arrived; everything on its way if left out.',
      },
    ),
  ),
  notes: Type.Optional(Nullable(LongText(2000))),
})
export type ReceiveTransfer = Static<typeof ReceiveTransfer>
export const WriteOffTransfer = Type.Object({ id: TransferRef, reason: Reason })
export type WriteOffTransfer = Static<typeof WriteOffTransfer>
export const CancelTransfer = Type.Object({ id: TransferRef, reason: Type.Optional(Reason) })
export type CancelTransfer = Static<typeof CancelTransfer>
