import { type TObject, Type } from 'typebox'
import { checker } from '#kit/checker'
import { LongText, Nullable } from '#kit/schemas'
import type { Context } from '#platform/context'
import { invalidField, requestErrors } from '#platform/operations'
import { archiveOrder } from '../commands/archive-order.ts'
import { cancelOrder } from '../commands/cancel-order.ts'
import { setStatus } from '../commands/set-status.ts'
import { holdOrder, releaseOrder } from '../desk/holds.ts'
import { HoldCode, TAGS_MAX, Tag } from '../desk/schemas.ts'
import { addTags, takeTags } from '../desk/tags.ts'
import { unarchiveOrder } from '../desk/unarchive-order.ts'
import { bulkErrors } from './errors.ts'
import { type OrderBulkAction, orderBulkActions } from './port.ts'

const reason = Type.Optional(Nullable(LongText(500)))
const note = Type.Optional(Nullable(LongText(1000)))
const tags = Type.Array(Tag, { minItems: 1, maxItems: TAGS_MAX })
const UPDATE = 'orders:update'

/** An action by what a single order is told: its id and the parameters. */
const action = (
  name: string,
  told: { summary: string; parameters?: TObject['properties']; permission?: 'orders:cancel' },
  run: (ctx: Context, input: never) => Promise<unknown>,
): OrderBulkAction => ({
  name,
  summary: told.summary,
  permission: told.permission ?? UPDATE,
  parameters: Type.Object(told.parameters ?? {}, { additionalProperties: false }),
  run: (ctx, id, parameters) => run(ctx, { ...parameters, id } as never),
})

const OWN: readonly OrderBulkAction[] = [
  action(
    'hold',
    {
      summary: 'Stop the orders for a reason.',
      parameters: { code: Type.Optional(HoldCode), note },
    },
    holdOrder,
  ),
  action(
    'release',
    {
      summary: 'Take away a reason that stops the orders, or all of them.',
      parameters: { code: Type.Optional(HoldCode), note },
    },
    releaseOrder,
  ),
  action('archive', { summary: 'Put finished orders away from the lists.' }, archiveOrder),
  action('unarchive', { summary: 'Put archived orders back into the lists.' }, unarchiveOrder),
  action(
    'cancel',
    { summary: 'Cancel the orders.', parameters: { reason }, permission: 'orders:cancel' },
    cancelOrder,
  ),
  action(
    'confirm',
    { summary: 'Accept the orders without payment.', parameters: { reason } },
    (ctx, input: object) => setStatus(ctx, { ...input, status: 'confirmed' } as never),
  ),
  action(
    'process',
    { summary: 'Begin to pick and pack the orders.', parameters: { reason } },
    (ctx, input: object) => setStatus(ctx, { ...input, status: 'processing' } as never),
  ),
  action('add_tags', { summary: 'Put tags on the orders.', parameters: { tags } }, addTags),
  action('remove_tags', { summary: 'Take tags off the orders.', parameters: { tags } }, takeTags),
]

/** Everything that can be done to many orders: our own actions and those of modules above. */
export const actionsOf = (holder: Pick<Context, 'process'>): readonly OrderBulkAction[] => [
  ...OWN,
  ...(orderBulkActions.of(holder) as readonly OrderBulkAction[]),
]

/** The action of this name. Throws `unknown_action`. */
export function actionNamed(holder: Pick<Context, 'process'>, name: string): OrderBulkAction {
  const all = actionsOf(holder)
  const found = all.find((one) => one.name === name)
  if (found) return found
  const actions = all.map((one) => one.name).join(', ')
  throw bulkErrors.unknown_action({ action: name, actions })
}

/** Refuses a caller who may not do it, and parameters that it does not understand. */
export function requireAsked(
  ctx: Context,
  { permission, parameters: schema }: OrderBulkAction,
  parameters: Record<string, unknown>,
): void {
  if (!ctx.actor.may(permission)) throw requestErrors.forbidden({ permission })
  const check = checker(schema)
  if (check.Check(parameters)) return
  const [first] = [...check.Errors(parameters)]
  const path = (first?.instancePath ?? '').split('/').filter(Boolean)
  throw invalidField(['parameters', ...path].join('.'), first?.message ?? 'is not understood')
}
