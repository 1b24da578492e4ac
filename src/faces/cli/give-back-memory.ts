import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const AFTER_MS = 1000

/**
 * Gives the memory that starting took back to the system: some 50 MB of sources, their syntax trees
 * and a demo shop that nobody needs again, which V8 would keep until it is short of memory. Once, a
 * second after the start, because it stops the process for some 50 ms.
 */
export function giveBackMemory(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc')
    const collect: (how: object) => void = runInNewContext('gc')
    collect({ type: 'major', flavor: 'last-resort' })
  }, AFTER_MS).unref()
}
