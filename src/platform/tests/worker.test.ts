import assert from 'node:assert/strict'
import { it } from 'node:test'
import { silentLog } from '#platform/log'
import { Worker } from '#platform/worker'

// Goal: whoever wakes a worker is heard, at whatever moment of its last turn.
// Method: the first turn is woken so many microtasks after it has said that nothing is due; if that
// is lost, nobody looks again for an hour.
it('a worker that is woken while it falls asleep looks again', async () => {
  for (let later = 0; later < 20; later++) {
    let turns = 0
    const again = Promise.withResolvers<void>()
    const worker: Worker = new Worker({
      name: 'sleeper',
      log: silentLog,
      async turn() {
        turns++
        if (turns === 1) void wakeAfter(worker, later)
        else again.resolve()
        return 3_600_000
      },
    })
    worker.start()
    const lost = setTimeout(() => again.reject(new Error(`lost after ${later} microtasks`)), 5_000)
    try {
      await again.promise
    } finally {
      clearTimeout(lost)
      await worker.stop()
    }
    assert.equal(turns, 2)
  }
})

async function wakeAfter(worker: Worker, microtasks: number): Promise<void> {
  for (let left = microtasks; left > 0; left--) await undefined
  worker.wake()
}
