const LEVELS: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info ',
  40: 'WARN ',
  50: 'ERROR',
  60: 'FATAL',
}
const OWN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err'])

type Line = {
  level: number
  time: string
  msg?: string
  err?: { message: string; stack?: string; code?: string }
  [member: string]: unknown
}

/** A JSON line of the log as a line for people: `04:17:18 info  request GET /health 200 3.1 ms`. */
export function printLine(json: string): string {
  const line = JSON.parse(json) as Line
  const parts = [line.time.slice(11, 19), LEVELS[line.level] ?? line.level, line.msg ?? '']
  if (line.msg === 'request') parts.push(printRequest(line))
  else parts.push(...printMembers(line))
  const { err } = line
  if (err) parts.push(err.code ? `${err.message} (${err.code})` : err.message)
  const text = parts.filter((part) => part !== '').join(' ')
  // A fault of ours needs its place in the code; a refusal or a lost connection does not.
  return err?.stack && line.level >= 50 ? `${text}\n${err.stack}\n` : `${text}\n`
}

const printRequest = ({ method, path, status, ms, user }: Line): string =>
  `${method} ${path} ${status} ${ms} ms${user ? ` ${user}` : ''}`

const printMembers = (line: Line): string[] =>
  Object.entries(line)
    .filter(([name]) => !OWN.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
