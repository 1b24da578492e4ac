import { sql } from 'kysely'
import { Type } from 'typebox'
import type { Context } from '#platform/context'
import { defineEvents, emit } from '#platform/events'
import { transactAsSystem } from '#platform/execute'
import { later, type Reaction } from '#platform/reactions'
import type { House } from '#testing'

export const thingEvents = defineEvents('thing', {
  changed: {
    description: 'Something changed; `step` says how often before.',
    entity: 'thing_id',
    payload: Type.Object({ thing_id: Type.String(), step: Type.Integer() }),
  },
})

export type Change = { thing_id: string; step: number }

/** A table that reactions write to, so that what they did commits or rolls back with them. */
export async function addEffects(house: House): Promise<void> {
  await transactAsSystem(house.app, async (ctx) => {
    await sql`create table effects (id integer, thing_id text, step integer, reaction text)`.execute(
      ctx.session.kysely,
    )
  })
}

/** Lets `reactions` listen to `thing.changed` in this house. */
export function listen(house: House, ...reactions: Reaction[]): void {
  const map = house.app.reactions.later as Map<string, Reaction[]>
  map.set(thingEvents.changed.type, reactions)
}

let written = 0

/** A reaction that leaves a row for each time that it took effect. */
export const leaveEffect = (
  name: string,
  before: (ctx: Context, change: Change) => Promise<void> = async () => {},
): Reaction =>
  later(thingEvents.changed, name, async (ctx, { thing_id, step }) => {
    await before(ctx, { thing_id, step })
    const id = ++written
    await sql`insert into effects values (${id}, ${thing_id}, ${step}, ${name})`.execute(
      ctx.session.kysely,
    )
  })

/** States `steps` changes of each thing, in order. */
export async function change(
  house: House,
  things: readonly string[],
  steps: number,
): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    await transactAsSystem(house.app, async (ctx) => {
      for (const thing_id of things) emit(ctx, thingEvents.changed({ thing_id, step }))
    })
  }
}

/** The effects in the order in which they were made. */
export async function effects(house: House): Promise<(Change & { reaction: string })[]> {
  const { rows } = await house.database.read((session) =>
    sql<Change & { reaction: string }>`
      select thing_id, step, reaction from effects order by id`.execute(session.kysely),
  )
  return rows
}

/** How many events are in each state. */
export async function statuses(house: House): Promise<Record<string, number>> {
  const { rows } = await house.database.read((session) =>
    sql<{ status: string; n: number }>`
      select status, count(*) as n from events where name = 'thing.changed' group by status
    `.execute(session.kysely),
  )
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]))
}

/** Waits until `holds`; fails after ten seconds. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come about within ten seconds')
    await new Promise((next) => setTimeout(next, 10))
  }
}

/** A clock that tests turn forward. */
export function testClock() {
  let ahead = 0
  return {
    now: () => new Date(Date.now() + ahead),
    forward: (ms: number) => {
      ahead += ms
    },
  }
}
