import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { it } from 'node:test'
import { assertNone } from './tidy/assert-none.ts'

// The folders are the architecture. This test is what keeps them so: it reads every import once.

type Import = { from: string; specifier: string; to: string; typesOnly: boolean }

/** What stands on a lower number may be imported by what stands on the same or a higher one. */
const LAYERS: Record<string, number> = {
  kit: 1,
  platform: 2,
  modules: 3,
  'modules.ts': 4,
  adapters: 4,
  seed: 4,
  faces: 5,
  'app.ts': 7,
  'main.ts': 8,
}
/** A file of the composition, beside app.ts. */
const COMPOSITION = 6

const files = globSync('src/**/*.ts')
  .map((file) => file.replaceAll(sep, '/'))
  .filter((file) => !isTest(file))
const imports = files.flatMap(importsOf)
const moduleOrder = readModuleOrder()

it('imports point down the layers: kit ← platform ← modules ← adapters ← faces ← app ← main', () => {
  const up = imports.filter(({ from, to }) => layerOf(to) > layerOf(from))
  assertNone(up.map(show))
})

it('what is imported is there', () => {
  const lost = imports.filter(({ to }) => to.startsWith('src/') && !existsSync(to))
  assertNone(lost.map(show))
})

it('modules call down only, in the order of src/modules.ts', () => {
  const place = (file: string) => moduleOrder.indexOf(moduleOf(file))
  const up = imports.filter(({ from, to }) => moduleOf(to) && place(to) > place(from))
  const betweenModules = up.filter(({ from }) => moduleOf(from))
  assertNone(betweenModules.map(show))
})

it('every folder of src/modules stands in src/modules.ts', () => {
  const folders = new Set(files.map(moduleOf).filter((name) => name !== ''))
  assertNone([...folders].filter((name) => !moduleOrder.includes(name)))
  assertNone(moduleOrder.filter((name) => !folders.has(name)))
})

it('modules meet at the door: another module is imported as #modules/name and nothing deeper', () => {
  const deep = imports.filter(
    ({ from, specifier, to }) =>
      moduleOf(to) !== '' &&
      moduleOf(to) !== moduleOf(from) &&
      !/^#modules\/[\w-]+$/.test(specifier),
  )
  assertNone(deep.map(show))
})

it('faces hold no table and write no SQL: they know operations only', () => {
  const tables = imports.filter(
    ({ from, specifier }) =>
      from.startsWith('src/faces/') && /^kysely|\/tables(\.ts)?$/.test(specifier),
  )
  assertNone(tables.map(show))
})

// The types of a plugin that a module names in its manifest are no dependency on a server.
it('modules know no engine, no HTTP and no outside world', () => {
  const outside =
    /^(pg|ioredis|fastify|@fastify\/.*|node:(sqlite|fs|http|https|net|child_process)(\/.*)?)$/
  const known = imports.filter(
    ({ from, specifier, typesOnly }) => moduleOf(from) && !typesOnly && outside.test(specifier),
  )
  assertNone(known.map(show))
})

it('every file is reached from src/main.ts or from a script', () => {
  const scripts = globSync('{scripts,bench}/**/*.ts').flatMap((file) => importsOf(file))
  const reached = new Set(['src/main.ts', ...scripts.map(({ to }) => to)])
  // A set also walks what is added while it is walked.
  for (const file of reached) {
    for (const { from, to } of imports) if (from === file) reached.add(to)
  }
  assertNone(files.filter((file) => !reached.has(file)))
})

function importsOf(from: string): Import[] {
  const text = readFileSync(from, 'utf8')
  const found = text.matchAll(
    /^(?:import|export)\s[^'"]*?from '([^']+)'|^import '([^']+)'|import\('([^']+)'\)|new URL\('(\.[^']+\.ts)', import\.meta\.url\)/gms,
  )
  return [...found].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? match[4] ?? ''
    const typesOnly = match[0].startsWith('import type')
    return { from: from.replaceAll(sep, '/'), specifier, to: resolve(from, specifier), typesOnly }
  })
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) {
    return normalize(join(dirname(from), specifier)).replaceAll(sep, '/')
  }
  const [, root, rest] = /^#(\w+)\/?(.*)$/.exec(specifier) ?? []
  if (root === 'modules' && rest) return `src/modules/${rest}/index.ts`
  return root ? `src/${root}${rest && `/${rest}`}.ts` : specifier
}

/** The folders of src/modules in the order of the list in src/modules.ts, lowest first. */
function readModuleOrder(): string[] {
  if (!existsSync('src/modules.ts')) return []
  const [, list = ''] =
    /export const modules\b[^=]*= \[([^\]]*)\]/.exec(readFileSync('src/modules.ts', 'utf8')) ?? []
  const folders = new Map(
    [
      ...readFileSync('src/modules.ts', 'utf8').matchAll(/\{ (\w+) \} from '#modules\/([\w-]+)'/g),
    ].map(([, name, folder]) => [name, folder ?? '']),
  )
  return [...list.matchAll(/\w+/g)].flatMap(([name]) => folders.get(name) ?? [])
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || /\/tests\//.test(file)
}

function layerOf(file: string): number {
  return file.startsWith('src/') ? (LAYERS[file.split('/')[1] ?? ''] ?? COMPOSITION) : 0
}

function moduleOf(file: string): string {
  return /^src\/modules\/([^/]+)\//.exec(file)?.[1] ?? ''
}

function show({ from, specifier }: Import): string {
  return `${from} imports ${specifier}`
}
