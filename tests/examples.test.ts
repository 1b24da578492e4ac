import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { onEveryEngine } from '#testing'
import { ServerProcess } from './crash/server.ts'

const run = promisify(execFile)

/**
 * One of so many is run. They show an interface; a few tell that the other engine answers alike.
 */
const ONE_OF = { sqlite: 1, postgres: 3 }

// Goal: what the examples show works as shown. Method: each is run as a reader would, against a
// real server with the demo shop; it fails by itself where an answer is not as it tells.
onEveryEngine('the examples', (engine) => {
  it('run to their end on a new demo shop', { timeout: 600_000 }, async () => {
    const server = await ServerProcess.open(engine, {
      APP__SEED: 'demo',
      APP__WEBHOOK_PRIVATE_ADDRESSES: 'true',
    })
    try {
      const examples = globSync('examples/*.ts', { exclude: ['examples/ask.ts'] })
        .sort()
        .filter((_, nth) => nth % ONE_OF[engine] === 0)
      assert.notDeepEqual(examples, [])
      for (const example of examples) {
        const env = { PATH: process.env.PATH ?? '', API: server.address, KEY: server.key }
        const { stdout } = await run(process.execPath, [example], { env, timeout: 120_000 })
        assert.match(stdout, /\n$/, `${example} said nothing`)
      }
      const { code, said } = await server.doctor()
      assert.equal(code, 0, said)
    } finally {
      await server.close()
    }
  })
})
