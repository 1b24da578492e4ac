import { ENVIRONMENTS, type Environment } from '#platform/config/setting-kinds'
import { settingGroups } from '#platform/config/settings'
import { variableOf } from '#platform/config/sources'
import type { SettingSchema } from '#platform/config/values'

/** One row of the table of settings in the documents. */
export type SettingDescription = {
  readonly group: string
  readonly name: string
  readonly variable: string
  /** `text`, `whole number`, `true or false`, `list` or the allowed words. */
  readonly type: string
  /** As a reader would write it; `unset`, or one for each environment. */
  readonly default: string
  readonly description: string
  readonly secret: boolean
}

/** Every setting, group by group, for documents and for `--help`. */
export function describeSettings(): SettingDescription[] {
  return Object.entries(settingGroups).flatMap(([group, settings]) =>
    Object.entries(settings as Record<string, SettingSchema>).map(([name, schema]) => ({
      group,
      name,
      variable: variableOf(name),
      type: typeName(schema),
      default: defaultText(schema),
      description: schema.description ?? '',
      secret: schema.secret ?? false,
    })),
  )
}

/** The text of config/default.toml: every setting with its default, explained and commented out. */
export function defaultToml(): string {
  const groups = Object.entries(settingGroups).map(([group, settings]) => {
    const entries = Object.entries(settings as Record<string, SettingSchema>).map(tomlEntry)
    return `# ---- ${group} ----\n\n${entries.join('\n\n')}`
  })
  return `${[PREAMBLE, ...groups].join('\n\n')}\n`
}

const PREAMBLE = `# Every setting of Tradepost with its default. Written by \`npm run docs\` from
# src/platform/config/settings.ts: take the # away to change one.
#
# Read in this order, the later wins: this file, config/{RUN_ENV|APP_ENV}.toml,
# config/docker.toml when DOCKER is set, environment variables APP__NAME.`

function tomlEntry([name, schema]: [string, SettingSchema]): string {
  const value = defaultOf(schema, 'development')
  const line = value === undefined ? `#${name} = ""` : `#${name} = ${JSON.stringify(value)}`
  const facts = [schema.description, `${variableOf(name)}: ${typeName(schema)}`]
  if (schema.defaults) facts.push(`Default: ${defaultText(schema)}.`)
  return [...facts.map((fact) => `# ${fact}`), line].join('\n')
}

const defaultOf = (schema: SettingSchema, environment: Environment): unknown =>
  schema.defaults?.[environment] ?? schema.default

function defaultText(schema: SettingSchema): string {
  if (!schema.defaults) return plain(schema.default)
  const values = ENVIRONMENTS.map((name) => [name, plain(defaultOf(schema, name))] as const)
  const distinct = [...new Set(values.map(([, value]) => value))]
  return distinct
    .map((value) => {
      const where = values.filter(([, other]) => other === value).map(([name]) => name)
      return `${value} (${where.join(', ')})`
    })
    .join('; ')
}

const plain = (value: unknown): string =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
    ? 'unset'
    : String(value)

function typeName(schema: SettingSchema): string {
  if (schema.enum) return schema.enum.join(' | ')
  if (schema.type === 'integer') return `whole number from ${schema.minimum} to ${schema.maximum}`
  if (schema.type === 'boolean') return 'true or false'
  return schema.type === 'array' ? 'list, comma-separated' : 'text'
}
