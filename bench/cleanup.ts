type Work = () => Promise<unknown>

const waiting: Work[] = []

/**
 * Answers `work` as a function that runs it once; an interrupted benchmark runs what is left of all
 * such work, the last first, so that no server and no database stays behind.
 */
export function atTheLatestAtExit(work: Work): () => Promise<void> {
  const entry = async (): Promise<void> => {
    const at = waiting.indexOf(entry)
    if (at < 0) return
    waiting.splice(at, 1)
    await work()
  }
  waiting.push(entry)
  return entry
}

let finishing: Promise<void> | undefined

/** Runs what is left; called twice, it is done once. */
export function finishAll(): Promise<void> {
  finishing ??= (async () => {
    for (const work of waiting.toReversed()) await work().catch(() => {})
  })()
  return finishing
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void finishAll().finally(() => process.exit(130)))
}
