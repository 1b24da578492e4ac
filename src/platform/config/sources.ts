import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { SettingsError } from '#platform/config/problems'

/**
 * One value as it was found. `name` is lower case, nesting is a dot; `shown` is how it was written.
 */
export type Given = {
  readonly name: string
  readonly shown: string
  readonly source: string
  readonly value: unknown
}

export type Environ = Readonly<Record<string, string | undefined>>

const PREFIX = /^APP__/i

/**
 * All that is given, the weakest first: default.toml, the file of RUN_ENV or APP_ENV, docker.toml
 * when DOCKER is set, the APP__ variables (operations API, «Configuration»).
 */
export function readSources(directory: string, environ: Environ): Given[] {
  const files = ['default.toml', `${stageOf(environ)}.toml`]
  if (environ.DOCKER) files.push('docker.toml')
  return [...files.flatMap((file) => readToml(directory, file)), ...readVariables(environ)]
}

/** What RUN_ENV or APP_ENV says, which also names a file. Throws SettingsError if it could not. */
export function stageOf(environ: Environ): string {
  const name = environ.RUN_ENV ? 'RUN_ENV' : 'APP_ENV'
  const stage = environ[name] || 'development'
  if (/^[\w-]+$/.test(stage)) return stage
  const reason = 'must be a plain word such as production'
  throw new SettingsError([{ name, source: 'environment', reason }])
}

function readToml(directory: string, file: string): Given[] {
  const path = join(directory, file)
  if (!existsSync(path)) return []
  const source = `config/${file}`
  try {
    return [...flatten(parse(readFileSync(path, 'utf8')), '')].map(([shown, value]) => ({
      name: shown.toLowerCase(),
      shown,
      source,
      value,
    }))
  } catch (error) {
    const [said = ''] = String((error as Error).message).split('\n')
    throw new SettingsError([{ name: 'The file', source, reason: `cannot be read: ${said}` }])
  }
}

function* flatten(table: object, prefix: string): Generator<[string, unknown]> {
  for (const [key, value] of Object.entries(table)) {
    const isTable = typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)
    if (isTable) yield* flatten(value, `${prefix}${key}.`)
    else yield [prefix + key, value]
  }
}

function readVariables(environ: Environ): Given[] {
  return Object.entries(environ)
    .filter(([variable]) => PREFIX.test(variable))
    .map(([variable, value]) => ({
      name: variable.replace(PREFIX, '').replaceAll('__', '.').toLowerCase(),
      shown: variable,
      source: 'environment',
      value,
    }))
}

/** The variable that sets what a file calls `name`. */
export const variableOf = (name: string): string =>
  `APP__${name.replaceAll('.', '__').toUpperCase()}`
