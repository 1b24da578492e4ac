import { describeSettings } from '#platform/config/describe'
import { code, page, table } from './markdown.ts'

/** Every setting by subject. */
export function settingsPage(): string {
  const groups = Map.groupBy(describeSettings(), ({ group }) => group)
  const parts = [...groups].map(([group, settings]) => {
    const rows = settings.map(({ name, variable, type, default: preset, description, secret }) => [
      code(name),
      code(variable),
      type,
      preset === 'unset' ? preset : code(preset),
      secret ? `${description} Secret.` : description,
    ])
    return `## ${group}\n\n${table(['setting', 'variable', 'what it takes', 'default', 'what it does'], rows)}`
  })
  return page(
    'Settings',
    'Read in this order, the later wins: `config/default.toml`, `config/{RUN_ENV|APP_ENV}.toml`, `config/docker.toml` when `DOCKER` is set, the environment. A name that is not in this table, or a value that does not fit, stops the start.',
    parts,
  )
}
