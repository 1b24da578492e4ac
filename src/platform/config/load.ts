import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { nearestName, type SettingProblem, SettingsError } from '#platform/config/problems'
import { findConflicts } from '#platform/config/rules'
import { ENVIRONMENTS, type Environment } from '#platform/config/setting-kinds'
import { NOT_HERE, type Settings, SettingsSchema } from '#platform/config/settings'
import {
  type Environ,
  type Given,
  readSources,
  stageOf,
  variableOf,
} from '#platform/config/sources'
import { readValue, type SettingSchema } from '#platform/config/values'

export type LoadOptions = {
  /** The variables; the process's own unless given. */
  env?: Environ
  /** The folder of the TOML files; `config` here, else the one that Tradepost ships with. */
  directory?: string
}

const SHIPPED = join(import.meta.dirname, '../../../config')
const schemas = SettingsSchema.properties as Record<string, SettingSchema>
const names = Object.keys(schemas)

/**
 * Reads all settings, once, from the files and the environment. Secrets that are not given are
 * empty; `ensureSecrets` makes them. Throws SettingsError with everything that is wrong at once.
 */
export function loadSettings(options: LoadOptions = {}): Settings {
  const { env = process.env, directory = existsSync('config') ? 'config' : SHIPPED } = options
  const problems: SettingProblem[] = []
  const found = new Map<string, Given>()
  for (const given of [...standardVariables(env), ...readSources(directory, env)]) {
    const value = accept(given, problems)
    if (value === NOTHING) continue
    if (value === UNSET) found.delete(given.name)
    else found.set(given.name, { ...given, value })
  }
  const settings = withDefaults(found, environmentOf(found, env))
  problems.push(...findConflicts(settings, (name) => found.get(name)))
  if (problems.length > 0) throw new SettingsError(problems)
  return Object.freeze(settings)
}

const NOTHING = Symbol('nothing given')
const UNSET = Symbol('explicitly unset')

/** The value of one source, typed; what cannot be one is told to `problems`. */
function accept(given: Given, problems: SettingProblem[]): unknown {
  const { shown, source, name } = given
  const schema = schemas[name]
  if (!schema) {
    problems.push({ name: shown, source, ...whyUnknown(given) })
    return NOTHING
  }
  // Compose files pass variables on as empty text when nobody has set them.
  if (given.value === '') return isOptional(name) ? UNSET : NOTHING
  const reading = readValue(given.value, schema)
  if ('value' in reading) return reading.value
  const { refused, nearest } = reading
  problems.push({ name: shown, source, reason: refused, ...(nearest && { nearest }) })
  return NOTHING
}

function whyUnknown({ name, source }: Given): { reason: string; nearest?: string } {
  if (name === 'rate_limit_use_redis') {
    return { reason: 'is not needed: limits are counted in Redis when redis_url is set' }
  }
  if (NOT_HERE.test(name)) return { reason: 'is a setting that this release does not have' }
  const nearest = nearestName(name, names)
  const shown = nearest && source === 'environment' ? variableOf(nearest) : nearest
  return { reason: 'is no setting of Tradepost', ...(shown && { nearest: shown }) }
}

const isOptional = (name: string) =>
  schemas[name]?.type === 'array' || !SettingsSchema.required.includes(name as never)

/** Variables that other standards define, weaker than everything of ours. */
function standardVariables(env: Environ): Given[] {
  return names.flatMap((name) => {
    const variable = schemas[name]?.variable
    const value = variable && env[variable]
    return value ? [{ name, shown: variable, source: 'environment', value }] : []
  })
}

/** A stage that is none of ours (`staging`) is treated as strictly as production. */
function environmentOf(found: Map<string, Given>, env: Environ): Environment {
  const stage = found.get('environment')?.value ?? stageOf(env)
  return ENVIRONMENTS.find((known) => known === stage) ?? 'production'
}

function withDefaults(found: Map<string, Given>, environment: Environment): Settings {
  const values = names.map((name) => {
    const { default: fallback, defaults } = schemas[name] ?? {}
    return [name, found.get(name)?.value ?? defaults?.[environment] ?? fallback] as const
  })
  const given = values.filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(given), environment } as Settings
}
