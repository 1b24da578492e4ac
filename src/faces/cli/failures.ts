import { DomainError } from '#kit/errors'
import { SettingsError } from '#platform/config/problems'

/** A failure that a person can mend: one line that says what it is and how. */
export class Mendable extends Error {}

/** A command that cannot be read as it was typed: one line, and the exit code of such. */
export class Unreadable extends Error {}

type Caused = Error & {
  code?: string
  errcode?: number
  cause?: unknown
  port?: number
  address?: string
}

/** One line for what a person can mend; undefined for a fault of ours, which deserves its stack. */
export function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof Mendable) return error.message
  if (error instanceof SettingsError) return oneLine(error.message)
  const { code, cause, port, address } = error as Caused
  if (code === 'EADDRINUSE') {
    const other = (port ?? 8080) + 1
    return `port ${port} is taken; stop what listens there, or take another one: APP__PORT=${other}.`
  }
  if (code === 'EACCES' && port !== undefined) {
    return `this user may not listen on port ${port}; take one above 1023: APP__PORT=8080.`
  }
  if (code === 'EADDRNOTAVAIL') return `this machine has no address ${address}; set APP__HOST.`
  if (code === 'ERR_SQLITE_ERROR') return explainSqlite(error as Caused)
  if (code !== undefined && POSTGRES[code]) return `${oneLine(error.message)}: ${POSTGRES[code]}.`
  if (error instanceof DomainError) {
    return cause instanceof Error ? `${databaseGone(cause)}` : oneLine(error.message)
  }
  return undefined
}

const SQLITE: Record<number, string> = {
  5: 'another program holds it; stop that one first',
  8: 'it cannot be written; give this user the right to write to it and to its folder',
  10: 'the disk reports an error',
  11: 'it is damaged; restore a backup',
  13: 'the disk is full; make room',
  14: 'it cannot be opened; make its folder writable, or set APP__DATABASE_URL to another place',
  26: 'it is no SQLite database; set APP__DATABASE_URL to another file',
}

function explainSqlite({ message, errcode = 0 }: Caused): string {
  // The low byte is the kind of failure, the rest its detail.
  const mend = SQLITE[errcode & 0xff]
  return `the database says "${oneLine(message)}"${mend ? `: ${mend}` : ''}.`
}

const POSTGRES: Record<string, string> = {
  '28P01': 'set the right user and password in APP__DATABASE_URL',
  '28000': 'set a user who may connect in APP__DATABASE_URL',
  '3D000': 'create it (createdb), or name another one in APP__DATABASE_URL',
  '42501': 'give this user the rights, or set another one in APP__DATABASE_URL',
  '53300': 'raise max_connections there, or lower APP__DB_MAX_CONNECTIONS',
}

const databaseGone = (cause: Error): string =>
  `the database cannot be reached (${oneLine(cause.message || String((cause as Caused).code))}); ` +
  'start it, or set APP__DATABASE_URL to where it is.'

const oneLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
