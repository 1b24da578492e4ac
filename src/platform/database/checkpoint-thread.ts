import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

// The thread of `Checkpoints`: one checkpoint a message, and an answer when it is over.

const { path, synchronous } = workerData as { path: string; synchronous: string }
const sqlite = new DatabaseSync(path, { timeout: 5000 })
sqlite.exec(`pragma synchronous = ${synchronous}`)
// Passive: it waits for nobody and keeps nobody waiting.
const checkpoint = sqlite.prepare('pragma wal_checkpoint(passive)')

parentPort?.on('message', () => {
  checkpoint.get()
  parentPort?.postMessage('copied')
})
