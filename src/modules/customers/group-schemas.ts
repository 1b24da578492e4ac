import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { Customer } from './schemas.ts'
import { db } from './tables.ts'

export const CustomerGroup = Type.Object(db.tables.customer_groups.properties)
export type CustomerGroup = Static<typeof CustomerGroup>

export const GroupRef = Text(50, { description: 'The id of the group or its code.' })
export const ByGroup = Type.Object({ id: GroupRef })

const Code = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$',
  description: 'How programs call it; kept in lower case.',
  examples: ['wholesale'],
})
const description = Type.Optional(Nullable(LongText(1000)))

export const CreateGroup = Type.Object({ code: Code, name: Text(100), description })
export type CreateGroup = Static<typeof CreateGroup>

export const UpdateGroup = Type.Object({
  id: GroupRef,
  code: Type.Optional(Code),
  name: Type.Optional(Text(100)),
  description,
})
export type UpdateGroup = Static<typeof UpdateGroup>

export const ListGroups = Type.Object(pageQuery)
export const ListMembers = Type.Object({ id: GroupRef, ...pageQuery })
export type ListMembers = Static<typeof ListMembers>

export const GroupMember = Type.Object({ customer: Customer, added_at: Instant })
export type GroupMember = Static<typeof GroupMember>

/** More than this at once is several requests. */
export const MEMBERS_AT_ONCE_MAX = 500

export const AddMembers = Type.Object({
  id: GroupRef,
  customer_ids: Type.Array(IdSchema('customer'), {
    minItems: 1,
    maxItems: MEMBERS_AT_ONCE_MAX,
    uniqueItems: true,
  }),
})
export type AddMembers = Static<typeof AddMembers>

export const RemoveMember = Type.Object({ id: GroupRef, customer_id: IdSchema('customer') })
export type RemoveMember = Static<typeof RemoveMember>
