import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { type House, openHouse } from '#testing'
import { documentedPaths } from './documented-paths.ts'

// Goal: what is documented is served, or said to be missing; and what we say of it is true.
// Method: every documented path is asked for, and every path that the page names.

const ROOT = join(import.meta.dirname, '..')
const page = readFileSync(join(ROOT, 'docs/deviations.md'), 'utf8')
const SOME_ID = '01939e5b-7c1a-7f00-8000-000000000001'
/** A path in full, or the end of one. */
const NAMED = /^(?:(GET|POST|PUT|PATCH|DELETE) )?…?(\/[\w/{}.-]+)$/

/** Whether anything answers there, whoever may ask. */
async function isServed({ http }: House, route: string): Promise<boolean> {
  const [method, path = ''] = route.split(' ')
  const url = path.replace(/\{\w+\}/g, SOME_ID)
  const { statusCode, body } = await http.inject({ method: method as 'GET', url })
  return statusCode !== 405 && !/"ROUTE_NOT_FOUND"|"METHOD_NOT_ALLOWED"|"Not Found"/.test(body)
}

/** The paths that the page says are missing: those below them are meant too. */
function missingPaths(): string[] {
  const [, section = ''] = page.split('## Not there yet')
  return [...section.matchAll(/`(\/[^`]+)`/g)].map(([, path]) => path as string)
}

it('every documented path is served, or the page of deviations says that it is not', async () => {
  await using house = await openHouse('sqlite')
  const missing = missingPaths()
  const isSaid = (path: string) => missing.some((start) => `${path}/`.startsWith(`${start}/`))
  const wrong: string[] = []
  const unserved: string[] = []
  for (const [document, routes] of Object.entries(documentedPaths)) {
    assert.ok(routes.length > 5, document)
    for (const route of routes) {
      const served = await isServed(house, route)
      const [, path = ''] = route.split(' ')
      if (!served) unserved.push(path)
      if (served && isSaid(path)) wrong.push(`${route} is served, and said to be missing`)
      if (!served && !isSaid(path)) wrong.push(`${route} is not served, and nobody says so`)
    }
  }
  for (const start of missing) {
    const names = unserved.some((path) => `${path}/`.startsWith(`${start}/`))
    if (!names) wrong.push(`no document names ${start}`)
  }
  assert.deepEqual(wrong, [])
})

it('every path that the page names elsewhere exists', async () => {
  await using house = await openHouse('sqlite')
  const routes = house.app.operations.flatMap(({ rest, aliases = [] }) => [rest, ...aliases])
  const [told = ''] = page.split('## Not there yet')
  const named = [...told.matchAll(/`([^`]+)`/g)].flatMap(([, text = '']) => {
    const [, method = '', path] = NAMED.exec(text) ?? []
    return path === undefined ? [] : [{ text, method, path }]
  })
  assert.ok(named.length >= 5)
  const unknown = named.filter(({ method, path }) => {
    if (path === '/api/v1') return false
    return !routes.some((route) => route.startsWith(method) && route.endsWith(path))
  })
  assert.deepEqual(
    unknown.map(({ text }) => text),
    [],
  )
})

it('links of the page lead somewhere', () => {
  const targets = [...page.matchAll(/(?:\]\(|^\[d\d+\]: )([\w./-]+\.md)/gm)].map(([, to]) => to)
  assert.ok(targets.length > 3)
  for (const to of targets) readFileSync(join(ROOT, 'docs', String(to)))
})
