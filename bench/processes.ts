import { readdirSync, readFileSync } from 'node:fs'

/** The unit of /proc/PID/stat: USER_HZ, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/**
 * CPU time in seconds that a process has used so far, user and system, all its threads.
 * `children` adds the processes it is the parent of, finished ones included: what PostgreSQL, one
 * process a connection, has used. Undefined where there is no /proc, or no such process.
 */
export function cpuSeconds(pid: number, children: 'alone' | 'with children'): number | undefined {
  const own = readStat(pid)
  if (!own) return undefined
  let ticks = own.user + own.system
  if (children === 'with children') {
    ticks += own.finishedChildren
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue
      const child = readStat(Number(entry))
      if (child?.parent === pid) ticks += child.user + child.system
    }
  }
  return ticks / TICKS_PER_SECOND
}

/** Resident memory of a process in megabytes (10^6 bytes), or undefined where there is no /proc. */
export function residentMegabytes(pid: number): number | undefined {
  const status = readText(`/proc/${pid}/status`)
  const kilobytes = status && /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes ? (Number(kilobytes) * 1024) / 1e6 : undefined
}

/** The parent of a process, or undefined where there is no /proc, or no such process. */
export function parentOf(pid: number): number | undefined {
  return readStat(pid)?.parent
}

/** The command name of a process (`postgres`, `node`), or undefined. */
export function commandOf(pid: number): string | undefined {
  return readText(`/proc/${pid}/comm`)?.trim()
}

type Stat = { parent: number; user: number; system: number; finishedChildren: number }

function readStat(pid: number): Stat | undefined {
  const text = readText(`/proc/${pid}/stat`)
  if (!text) return undefined
  // The second field is the name in brackets and may hold blanks: count from the last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const number = (nth: number): number => Number(fields[nth])
  return {
    parent: number(1),
    user: number(11),
    system: number(12),
    finishedChildren: number(13) + number(14),
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
