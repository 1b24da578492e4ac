import type { TestEvent } from 'node:test/reporters'

/** What node:test counted, over all files. */
export type Counts = {
  tests: number
  passed: number
  failed: number
  cancelled: number
  skipped: number
  todo: number
}

/** A reporter that writes the totals of the whole run as one JSON object, and nothing else. */
export default async function* summary(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type === 'test:summary' && data.file === undefined) yield JSON.stringify(data.counts)
  }
}
