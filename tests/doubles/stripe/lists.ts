import { invalid } from './refusal.ts'

type Params = Record<string, any>
type Item = { id: string; created: number }

/** A page of a list, newest first, as Stripe answers it. */
export function listOf<T extends Item>(items: Iterable<T>, url: string, params: Params) {
  const { gte, gt, lt, lte } = params.created ?? {}
  const limit = Number(params.limit ?? 10)
  if (!(limit >= 1 && limit <= 100)) throw invalid('Limit must be between 1 and 100.')
  const all = [...items]
    .reverse()
    .filter(({ created }) => gte === undefined || created >= Number(gte))
    .filter(({ created }) => gt === undefined || created > Number(gt))
    .filter(({ created }) => lt === undefined || created < Number(lt))
    .filter(({ created }) => lte === undefined || created <= Number(lte))
  const from = all.findIndex(({ id }) => id === params.starting_after) + 1
  const data = all.slice(from, from + limit)
  return { object: 'list', url, has_more: from + data.length < all.length, data }
}

/** A search by one member of the metadata, the only query that is understood. */
export function searchOf<T extends Item & { metadata: Record<string, string> | null }>(
  items: Iterable<T>,
  url: string,
  { query = '' }: Params,
) {
  const [, name, value] = /^metadata\[['"](.+)['"]\]:['"](.*)['"]$/.exec(query) ?? []
  if (name === undefined) throw invalid('This query is not understood.', { param: 'query' })
  const data = [...items].filter(({ metadata }) => metadata?.[name] === value)
  return { object: 'search_result', url, has_more: false, next_page: null, data }
}
