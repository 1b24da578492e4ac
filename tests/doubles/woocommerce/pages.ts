import { Refusal } from '../refusal.ts'

// What all resources of the pretended WooCommerce have in common: refusals, and lists in pages.

type Json = Record<string, any>
export type Resource = Json & { id: number }

/** Most that a page of a list may hold (`per_page`). */
const PAGE_MAX = 100

export type Page = { rows: Resource[]; total: number; pages: number }

export const badParam = (name: string) =>
  new Refusal(400, 'rest_invalid_param', `Invalid parameter(s): ${name}`)

/** A page of what was found. */
export function paged(found: Resource[], query: URLSearchParams): Page {
  const per_page = Number(query.get('per_page') ?? 10)
  const page = Number(query.get('page') ?? 1)
  if (!Number.isInteger(per_page) || per_page < 1 || per_page > PAGE_MAX) throw badParam('per_page')
  if (!Number.isInteger(page) || page < 1) throw badParam('page')
  const orderby = query.get('orderby') ?? 'date'
  if (!['date', 'modified', 'id', 'title', 'slug', 'include'].includes(orderby)) {
    throw badParam('orderby')
  }
  const key = { modified: 'date_modified_gmt', date: 'date_created_gmt' }[orderby] ?? 'id'
  found.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : a.id - b.id))
  if (query.get('order') !== 'asc') found.reverse()
  const from = (page - 1) * per_page
  const pages = Math.ceil(found.length / per_page)
  return { rows: found.slice(from, from + per_page), total: found.length, pages }
}
