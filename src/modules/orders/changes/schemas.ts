import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { CustomInput } from '../custom-input.ts'
import { DetailsInput } from '../edit-schemas.ts'
import { NewItem, Order, OrderRef } from '../schemas.ts'
import { orderChangeLifecycle } from './lifecycle.ts'
import { ACTION_KINDS, CHANGE_KINDS } from './tables.ts'

/** What staff can ask for; what units do by themselves (cancel, merge, split) has its own calls. */
export const ASKED_ACTIONS = [
  'add_item',
  'set_quantity',
  'remove_item',
  'replace_item',
  'set_discount',
  'set_shipping',
  'set_details',
] as const

const { quantity: _, ...priced } = NewItem.properties

export const Action = Type.Object({
  action: Type.Enum([...ASKED_ACTIONS]),
  item_id: Type.Optional(
    Type.Unsafe<Static<ReturnType<typeof IdSchema<'order_line'>>>>({
      ...IdSchema('order_line'),
      description: 'The item that is changed; none for `add_item`, `set_shipping`, `set_details`.',
    }),
  ),
  ...priced,
  custom: Type.Optional(CustomInput),
  quantity: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'How many units there are to be; `replace_item` keeps as many as there are.',
    }),
  ),
  amount: Type.Optional(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description:
        '`set_discount`: what it takes off the item; `set_shipping`: the fee before tax.',
    }),
  ),
  label: Type.Optional(Text(100, { description: 'What the discount or the shipping is called.' })),
  method: Type.Optional(Text(100, { description: '`set_shipping`: the code of the method.' })),
  details: Type.Optional(
    Type.Object(DetailsInput, { description: '`set_details`: what is left out stays.' }),
  ),
})
export type Action = Static<typeof Action>

const Actions = Type.Array(Action, { minItems: 1, maxItems: 50 })
const Reason = Type.Optional(Nullable(LongText(500)))

export const BeginChange = Type.Object({
  id: OrderRef,
  reason: Reason,
  actions: Type.Optional(Actions),
})
export type BeginChange = Static<typeof BeginChange>

const named = { id: OrderRef, change_id: IdSchema('order_change') }
export const NamedChange = Type.Object(named)
export type NamedChange = Static<typeof NamedChange>

export const AddActions = Type.Object({ ...named, actions: Actions })
export type AddActions = Static<typeof AddActions>

export const RemoveAction = Type.Object({
  ...named,
  position: Type.Integer({ minimum: 1, maximum: 200 }),
})
export type RemoveAction = Static<typeof RemoveAction>

export const ApplyChange = Type.Object({
  ...named,
  refund: Type.Optional(
    Type.Boolean({ default: false, description: 'Also give back what is paid too much then.' }),
  ),
})
export type ApplyChange = Static<typeof ApplyChange>

export const ListChanges = Type.Object({ id: OrderRef, ...pageQuery })
export type ListChanges = Static<typeof ListChanges>

export const Balance = Type.Object({
  owed_amount: Type.Unsafe<string>({ ...Money, description: 'What the buyer owes in all.' }),
  paid_amount: Type.Unsafe<string>({ ...Money, description: 'Taken, less what was given back.' }),
  to_pay: Type.Unsafe<string>({ ...Money, description: 'What is still to be paid.' }),
  to_refund: Type.Unsafe<string>({ ...Money, description: 'What is paid too much.' }),
})
export type Balance = Static<typeof Balance>

const Step = Type.Object({
  position: Type.Integer(),
  action: Type.Enum([...ACTION_KINDS]),
  before: Nullable(Type.Object({}, { additionalProperties: true })),
  after: Nullable(Type.Object({}, { additionalProperties: true })),
})

/** A set of changes without what it comes to. */
export const ChangeSummary = Type.Object({
  id: IdSchema('order_change'),
  order_id: IdSchema('order'),
  kind: Type.Enum([...CHANGE_KINDS]),
  status: orderChangeLifecycle.schema,
  number: Nullable(
    Type.Integer({ description: 'The nth change of the order; null until applied.' }),
  ),
  base_version: Type.Integer({ description: 'The version of the order that it changes.' }),
  reason: Nullable(Type.String()),
  currency: Currency,
  old_owed_amount: Nullable(Money),
  new_owed_amount: Nullable(Money),
  created_by: Nullable(Type.String({ description: 'Told to staff only.' })),
  created_at: Instant,
  closed_at: Nullable(Instant),
})
export type ChangeSummary = Static<typeof ChangeSummary>

export const Change = Type.Object({
  ...ChangeSummary.properties,
  actions: Type.Array(Step),
  preview: Nullable(
    Type.Object(
      { order: Order, balance: Balance },
      { description: 'What the order will be; null once the set is closed.' },
    ),
  ),
  stale: Type.Boolean({
    description: 'The order has moved since; `rebase` judges the set by how it stands now.',
  }),
})
export type Change = Static<typeof Change>
export const Changes = PageOf(ChangeSummary)

export const ChangedOrder = Type.Object({
  order: Order,
  change_id: Nullable(IdSchema('order_change')),
  balance: Balance,
  refund_id: Nullable(IdSchema('order_refund')),
})
export type ChangedOrder = Static<typeof ChangedOrder>

const Units = Type.Array(
  Type.Object({
    item_id: IdSchema('order_line'),
    quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  }),
  { minItems: 1, maxItems: 500 },
)

export const CancelItems = Type.Object({
  id: OrderRef,
  items: Units,
  reason: Reason,
  refund: Type.Optional(
    Type.Boolean({ default: false, description: 'Also give back what is paid too much then.' }),
  ),
})
export type CancelItems = Static<typeof CancelItems>

export const SplitOrder = Type.Object({ id: OrderRef, items: Units, reason: Reason })
export type SplitOrder = Static<typeof SplitOrder>

export const Split = Type.Object({ order: Order, new_order: Order })
export type Split = Static<typeof Split>

export const MergeOrders = Type.Object({
  id: OrderRef,
  orders: Type.Array(OrderRef, { minItems: 1, maxItems: 20 }),
  address_of: Type.Optional(
    Text(64, { description: 'Whose shipping address counts, where they differ.' }),
  ),
  reason: Reason,
})
export type MergeOrders = Static<typeof MergeOrders>
