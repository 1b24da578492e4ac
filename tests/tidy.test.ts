import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { it } from 'node:test'
import { SettingsSchema } from '#platform/config/settings'
import { assertNone } from './tidy/assert-none.ts'
import { longFunctions } from './tidy/functions.ts'
import { brokenLinks, withoutFences } from './tidy/links.ts'

// The rules of STYLE.md that a program can see. Every file that git has or would take is read once.

const LINES_MAX = 300
const COLUMNS_MAX = 100
const FUNCTION_LINES_MAX = 60
const BYTES_MAX = 500_000
const SELF = 'tests/tidy.test.ts'

type File = { path: string; text: string; lines: string[] }

const paths = listFiles()
const files: File[] = paths
  .filter((path) => !/\.(png|jpg|ico|woff2?|gz|db)$/.test(path))
  .map((path) => {
    const text = readFileSync(path, 'utf8')
    return { path, text, lines: text.split('\n') }
  })
const typescript = files.filter(({ path }) =>
  /^(src|tests|scripts|bench|examples)\/.*\.ts$/.test(path),
)
const sources = typescript.filter(({ path }) => path.startsWith('src/') && !isTest(path))
const inModules = sources.filter(({ path }) => path.startsWith('src/modules/'))
const markdown = files.filter(({ path }) => path.endsWith('.md'))

it(`no source file is longer than ${LINES_MAX} lines`, () => {
  assertNone(
    sources
      .filter(({ lines }) => lines.length > LINES_MAX + 1)
      .map(({ path, lines }) => `${path} has ${lines.length - 1} lines`),
  )
})

it(`no function is longer than ${FUNCTION_LINES_MAX} lines, without those inside it`, () => {
  // A migration is one list of statements from the first to the last.
  const others = sources.filter(({ path }) => !path.includes('/migrations/'))
  assertNone(others.flatMap(({ path, lines }) => longFunctions(path, lines, FUNCTION_LINES_MAX)))
})

it(`no line is wider than ${COLUMNS_MAX} columns, unless a long text in quotes makes it so`, () => {
  const code = typescript.map((file) => ({ ...file, lines: withoutTemplates(file.text) }))
  const isText = (line: string) => /['"`/].{40,}/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line)
  assertNone(linesOf(code, (line) => line.length > COLUMNS_MAX && !isText(line)))
})

it('nothing is left to be done later', () => {
  const others = files.filter(({ path }) => path !== SELF && path !== 'LICENSE')
  assertNone(linesOf(others, (line) => /\b(TODO|FIXME|HACK)\b/.test(line)))
})

it('sources speak through the log; only the command line prints', () => {
  const silent = sources.filter(({ path }) => !/^src\/(faces\/cli\/|main\.ts)/.test(path))
  assertNone(linesOf(silent, (line) => /\bconsole\.(log|info|debug)\b/.test(line)))
})

it('only src/platform/config and src/main.ts read the environment', () => {
  const others = sources.filter(({ path }) => !/^src\/(platform\/config\/|main\.ts)/.test(path))
  assertNone(linesOf(others, (line) => /\bprocess\.env\b/.test(line)))
})

it('modules take the time and ids from ctx, so that an operation has one instant', () => {
  const own = /\bnew Date\(\)|\bDate\.now\(|\brandomUUID\b|\bMath\.random\b/
  assertNone(linesOf(inModules, (line) => own.test(line)))
})

it('no comment holds a statement that was switched off', () => {
  const code =
    /^\s*\/\/ ?(import .* from |(const|let) \w+ = |return .*[)\]]$|await \w+\(.*\)$|}\)?$)/
  assertNone(linesOf(typescript, (line) => code.test(line)))
})

it('every setting is read by something', () => {
  const users = sources.filter(({ path }) => !path.startsWith('src/platform/config/'))
  const words = new Set(
    users.flatMap(({ text }) => text.match(/\b[a-z0-9]+(?:_[a-z0-9]+)*\b/g) ?? []),
  )
  assertNone(
    Object.keys(SettingsSchema.properties)
      .filter((name) => !words.has(name))
      .map((name) => `${name} is read by nothing: remove it from the schema or use it`),
  )
})

it('file names are kebab-case', () => {
  const named = paths.filter((path) => /\.(ts|mjs|toml|ya?ml)$/.test(path) && !isChart(path))
  assertNone(named.filter((path) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(basename(path))))
})

it('a document has exactly one title, on its first line', () => {
  assertNone(
    markdown.flatMap(({ path, text }) => {
      const titles = withoutFences(text).match(/^# .+$/gm) ?? []
      return titles.length === 1 && text.startsWith('# ')
        ? []
        : [`${path} has ${titles.length} titles, or starts with something else`]
    }),
  )
})

it('a link of a document leads to a file, and to a title that it has', () => {
  assertNone(markdown.flatMap((document) => brokenLinks(document, markdown)))
})

it('README names every guide, and the examples name every example', () => {
  const maps = {
    'README.md': /^docs\/guides\/.+\.md$/,
    'examples/README.md': /^examples\/[^/]+\.ts$/,
  }
  const examples = files.filter(({ path }) => path.startsWith('examples/'))
  // What examples import is a part of them and no story of its own.
  const isPart = (path: string) =>
    examples.some(({ text }) => text.includes(`from './${basename(path)}'`))
  assertNone(
    Object.entries(maps).flatMap(([map, wanted]) => {
      const text = files.find(({ path }) => path === map)?.text ?? ''
      return paths
        .filter((path) => wanted.test(path) && !text.includes(`${basename(path)})`))
        .filter((path) => !isPart(path))
        .map((path) => `${map} does not name ${path}`)
    }),
  )
})

it('text files end with a line break, and no line with white space or CR', () => {
  assertNone([
    ...files.filter(({ text }) => text !== '' && !text.endsWith('\n')).map(({ path }) => path),
    ...linesOf(files, (line, path) =>
      path === 'LICENSE'
        ? false
        : /\r$/.test(line) || (!path.endsWith('.md') && /[ \t]$/.test(line)),
    ),
  ])
})

it('no file names a path of somebody’s machine', () => {
  // Put together from parts, because this file is read too.
  const roots = ['work', 'root', 'Users', 'home/\\w+'].join('|')
  const own = new RegExp(`(?<![\\w.@$}*-])/(${roots})/`)
  assertNone(
    linesOf(
      files.filter(({ path }) => path !== SELF),
      (line) => own.test(line),
    ),
  )
})

it('no file is larger than half a megabyte', () => {
  const large = paths.filter((path) => statSync(path).size > BYTES_MAX)
  assertNone(large.filter((path) => !path.startsWith('docs/generated/')))
})

it('package-lock.json names no registry and every platform, so that npm ci works everywhere', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>
  }
  const entries = Object.entries(packages)
  assertNone(entries.filter(([, { resolved }]) => resolved).map(([path]) => `${path} is resolved`))
  const optional = entries.flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}))
  assertNone(optional.filter((name) => !entries.some(([path]) => path.endsWith(`/${name}`))))
})

function listFiles(): string[] {
  const listed = existsSync('.git')
    ? execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { encoding: 'utf8' })
        .split('\0')
        .filter((path) => path !== '' && existsSync(path))
    : globSync('**/*', { exclude: ['node_modules/**'] })
  return listed.filter((path) => statSync(path).isFile())
}

/** Each line that is not allowed, as `file:line text`. */
function linesOf(among: File[], isBad: (line: string, path: string) => boolean): string[] {
  return among.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) =>
      isBad(line, path) ? [`${path}:${index + 1} ${line.trim().slice(0, 80)}`] : [],
    ),
  )
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.includes('/tests/')
}

function isChart(path: string): boolean {
  return path.startsWith('deploy/')
}

/** The lines, those in the middle of a template literal (SQL, documents) emptied. */
function withoutTemplates(text: string): string[] {
  let inside = false
  return text.split('\n').map((line) => {
    const began = inside
    const ticks = line.replaceAll('\\`', '').split('`').length - 1
    if (ticks % 2 === 1) inside = !inside
    return began ? '' : line
  })
}
