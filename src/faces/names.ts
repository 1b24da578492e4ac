import type { App } from '#platform/app'
import { systemActor } from '#platform/context'
import { execute } from '#platform/execute'
import type { Log } from '#platform/log'
import type { Operation } from '#platform/operations'

/** The request that a face answers, as far as the log is told of it. */
export type Asking = { id: string; log?: Log }
type Named = { face: string; kind: string }
type Pairs = { items: { entity_id: string; public_id: string }[] }

/** The operation of this name; a face names those it speaks for. */
export function operationOf(app: App, name: string): Operation {
  const found = app.operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`there is no operation ${name}`)
  return found
}

/** What entities are called on a face, by entity id; what has no name there yet is given one. */
export async function namesFor(
  app: App,
  request: Asking,
  { ids, ...of }: Named & { ids: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const entity_ids = [...new Set(ids)]
  if (entity_ids.length === 0) return new Map()
  const { items } = await ask(app, request, 'storefronts.name_entities', { ...of, entity_ids })
  return new Map(items.map(({ entity_id, public_id }) => [entity_id, public_id]))
}

/** The entity that a name on a face stands for; undefined where nobody was ever told that name. */
export async function meantBy(
  app: App,
  request: Asking,
  { public_id, ...of }: Named & { public_id: string },
): Promise<string | undefined> {
  if (public_id === '' || public_id.length > 200) return undefined
  const input = { ...of, public_ids: [public_id] }
  const { items } = await ask(app, request, 'storefronts.resolve_names', input)
  return items[0]?.entity_id
}

async function ask(app: App, request: Asking, name: string, input: object): Promise<Pairs> {
  const call = { actor: systemActor, input, request_id: request.id, log: app.log }
  return (await execute(app, operationOf(app, name), call)).output as Pairs
}
