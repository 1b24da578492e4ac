import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { App, AppParts } from '#platform/app'
import { build } from '#platform/build'
import { nearestName } from '#platform/config/problems'
import { explain, Unreadable } from './failures.ts'

/** Where a command's words go, and what it reads of the world. A test gives its own. */
export type Terminal = {
  print: (line: string) => void
  printError: (line: string) => void
  env: Readonly<Record<string, string | undefined>>
  /** The composition, which stands above every face. */
  createApp: (parts: AppParts) => Promise<App>
}

export type Given = {
  values: Record<string, string | boolean | undefined>
  words: readonly string[]
}

/** A command written by hand: what is not an operation. */
export type Command = {
  /** The whole of `--help`. */
  usage: string
  options: ParseArgsOptionsConfig
  /** How many words may follow the name: least and most. */
  words: readonly [number, number]
  /** Answers the exit code. */
  run: (given: Given, terminal: Terminal) => Promise<number>
}

/** Loaded when asked for, so that none pays for another. */
const commands: Record<string, { summary: string; load: () => Promise<Command> }> = {
  serve: {
    summary: 'Start the server.',
    load: async () => (await import('./serve.ts')).serve,
  },
  migrate: {
    summary: 'Say which migrations wait (status), or apply them (up).',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  seed: {
    summary: 'Fill an empty database with the demo shop.',
    load: async () => (await import('./seed.ts')).seed,
  },
  import: {
    summary: 'Read products, prices and stock from a CSV file.',
    load: async () => (await import('./import.ts')).importFile,
  },
  doctor: {
    summary: 'Check the database: connection, tables, and every invariant.',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  payments: {
    summary: 'Compare the books of a payment provider with ours (reconcile).',
    load: async () => (await import('./payments.ts')).payments,
  },
  backup: {
    summary: 'Copy a SQLite database to a file, also while the server runs.',
    load: async () => (await import('./backup.ts')).backup,
  },
  agentic: {
    summary: 'Serve agents alone: ACP and its dialects, in memory unless told otherwise.',
    load: async () => (await import('./agentic.ts')).agentic,
  },
  mcp: {
    summary: 'Speak the Model Context Protocol over standard input and output.',
    load: async () => (await import('./mcp.ts')).mcp,
  },
}

const USAGE_ERROR = 2

/**
 * Runs `tradepost …` and answers the exit code: 0, 1 for a failure, 2 for a command it cannot read.
 */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'help', ...rest] = argv
  if (name === '--version' || name === '-v' || name === 'version') {
    terminal.print(build().version)
    return 0
  }
  if (name === '--help' || name === '-h' || name === 'help') return help(rest, terminal)
  const known = commands[name]
  if (!known) return refuse(unknownCommand(name), terminal)
  const command = await known.load()
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.print(command.usage)
    return 0
  }
  let given: Given
  try {
    given = await read(name, command, rest)
  } catch (error) {
    return refuse(`${(error as Error).message} \`tradepost ${name} --help\` says more.`, terminal)
  }
  try {
    return await command.run(given, terminal)
  } catch (error) {
    if (error instanceof Unreadable) return refuse(error.message, terminal)
    const told = explain(error)
    if (told === undefined) throw error
    terminal.printError(`tradepost: ${told}`)
    return 1
  }
}

async function help([name]: readonly string[], terminal: Terminal): Promise<number> {
  const known = name === undefined ? undefined : commands[name]
  if (name !== undefined && !known) return refuse(unknownCommand(name), terminal)
  terminal.print(known ? (await known.load()).usage : overview())
  return 0
}

function overview(): string {
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`,
  )
  return `tradepost ${build().version}: the open-source backend for commerce and operations.

Usage: tradepost COMMAND [OPTIONS]

${lines.join('\n')}
  help      Say more about a command.

Options: --help, --version
Settings come from config/*.toml and from APP__… variables; config/default.toml lists them all.`
}

function unknownCommand(name: string): string {
  const near = nearestName(name, [...Object.keys(commands), 'help', 'version'])
  const meant = near ? `did you mean \`tradepost ${near}\`?` : '`tradepost --help` lists them.'
  return `there is no command "${name}"; ${meant}`
}

/** Reads options and words; throws an Error with a sentence for what it cannot read. */
async function read(
  name: string,
  { usage, options, words: [least, most] }: Command,
  args: readonly string[],
): Promise<Given> {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name: option, rawName, value } = token
    const declared = options[option]
    if (!declared) throw new Error(await unknownOption(token, Object.keys(options)))
    if (declared.type === 'string' && value === undefined)
      throw new Error(`${rawName} wants a value.`)
    if (declared.type === 'boolean' && value !== undefined)
      throw new Error(`${rawName} takes no value.`)
  }
  if (positionals.length < least) {
    const [first = ''] = usage.split('\n')
    throw new Error(`${name} wants a word more: ${first.replace('Usage: ', '')}.`)
  }
  if (positionals.length > most) throw new Error(`${name} cannot read "${positionals[most]}".`)
  return { values: values as Given['values'], words: positionals }
}

/** Many look for a setting among the options: its variable is named then. */
async function unknownOption(
  { name, rawName }: { name: string; rawName: string },
  options: readonly string[],
): Promise<string> {
  const near = nearestName(name, options)
  if (near) return `there is no option ${rawName}; did you mean --${near}?`
  const { SettingsSchema } = await import('#platform/config/settings')
  const setting = name.replaceAll('-', '_').toLowerCase()
  if (!(setting in SettingsSchema.properties)) return `there is no option ${rawName}.`
  return `there is no option ${rawName}; it is a setting: APP__${setting.toUpperCase()}=….`
}

function refuse(why: string, { printError }: Terminal): number {
  printError(`tradepost: ${why}`)
  return USAGE_ERROR
}
