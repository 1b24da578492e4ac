import { type Logger, pino } from 'pino'
import { printLine } from '#platform/log-lines'

export type Log = Logger

export type LogOptions = {
  level: string
  /** JSON lines for machines; else lines for people. */
  json: boolean
  /** Where JSON lines go: 1 (standard output) unless said, 2 where that is somebody else's. */
  descriptor?: 1 | 2
}

const OPTIONS = {
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ['authorization', 'password', 'secret', '*.password', '*.secret'],
}

/**
 * Lines on standard output. As JSON they are written in the background, so that a request never
 * waits for them; a line is on its way after a quarter of a second at most.
 */
export function openLog({ level, json, descriptor = 1 }: LogOptions): Log {
  if (!json) {
    const write = (line: string) => void process.stdout.write(printLine(line))
    return pino({ ...OPTIONS, level }, { write })
  }
  const options = { dest: descriptor, sync: false, minLength: 4096, periodicFlush: 250 }
  return pino({ ...OPTIONS, level }, pino.destination(options))
}

/** Waits until every line is written. */
export const flushLog = (log: Log): Promise<void> =>
  new Promise((done) => {
    log.flush(() => done())
  })

export const silentLog: Log = pino({ level: 'silent' })
