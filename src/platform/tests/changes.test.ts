import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Changes } from '#platform/changes'
import { onEveryEngine, openDatabaseAt, openEmptyDatabase } from '#testing'

/** The mark once it is another one than `before`; fails after two seconds. */
async function nextMark(changes: Changes, topic: string, before: string | undefined) {
  for (let waited = 0; waited < 2_000; waited += 10) {
    const mark = changes.mark(topic)
    if (mark !== undefined && mark !== before) return mark
    await new Promise((done) => setTimeout(done, 10))
  }
  assert.fail('no new mark')
}

onEveryEngine('what a process remembers', (engine) => {
  it('is as good as its mark, which other processes change', async () => {
    const { database, url, drop } = await openEmptyDatabase(engine)
    const other = openDatabaseAt(engine, url)
    try {
      const [here, there] = [new Changes(database), new Changes(other)]
      const before = await nextMark(here, 'a', undefined)
      await nextMark(there, 'a', undefined)
      assert.equal(here.mark('a'), before)

      await other.write(async (session) => {
        await session.run({ sql: 'create table t (n integer)', parameters: [] })
        await other.announce(session, 'a')
      })

      const after = await nextMark(here, 'a', before)
      here.happened('b')
      assert.equal(here.mark('a'), after)
      here.happened('a')
      assert.notEqual(here.mark('a'), after)
    } finally {
      await other.close()
      await database.close()
      await drop()
    }
  })
})
