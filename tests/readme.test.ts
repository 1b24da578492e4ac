import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { engines } from '#testing'
import { ServerProcess } from './crash/server.ts'

const run = promisify(execFile)

/** What the minute needs beside the server; a machine without it skips, and says so. */
const missing = ['bash', 'curl'].filter((tool) => spawnSync(tool, ['--version']).error)
const isAsked = engines.includes('sqlite')
const skip = missing.length > 0 ? `there is no ${missing.join(' and no ')} here` : !isAsked

// Goal: a stranger's first minute works as printed. Method: the block of the README is run by bash
// against a new demo shop, with nothing changed but the address and the key.
it('the minute of the README ends in a paid order', { skip, timeout: 240_000 }, async () => {
  const server = await ServerProcess.open('sqlite', { APP__SEED: 'demo' })
  try {
    const script = `${minute(server)}\n${PAY_AGAIN}`
    const { stdout, stderr } = await run('bash', ['-euo', 'pipefail', '-c', script], {
      timeout: 60_000,
    })
    for (const said of ['MUG-TIDEMUG-SLAT', 'WELCOME10', '4.80', '55.58', 'succeeded', 'US-ME']) {
      assert.ok(stdout.includes(said), `${said} is not in:\n${stdout}${stderr}`)
    }
    assert.doesNotMatch(stdout, /undefined/)
    assert.match(stdout, /fulfilled\n$/)
    const { data } = await server.ask('GET', '/orders?limit=1')
    const [order] = data.items
    assert.equal(order.email, 'ada@example.com')
    assert.equal(order.discount_total, '4.80')
    assert.equal(order.shipping_total, '10.00')
    assert.equal(order.tax_total, '2.38')
    assert.equal(order.payment_status, 'paid')
    assert.equal(order.status, 'shipped')
    const { code, said } = await server.doctor()
    assert.equal(code, 0, said)
  } finally {
    await server.close()
  }
})

/** What the sentence below the block promises. */
const PAY_AGAIN = `
AGAIN=$(mine "/checkout/$CHECKOUT/complete" -d '{}' | pick .order_id)
[ "$AGAIN" = "$ORDER" ] || { echo "another order: $AGAIN"; exit 1; }`

/** The commands of the minute, for this server. */
function minute({ address, key }: ServerProcess): string {
  const text = readFileSync('README.md', 'utf8')
  const [, block] = /## A minute to the first order.*?```sh\n(.*?)```/s.exec(text) ?? []
  assert.ok(block, 'the README has no minute')
  const commands = block
    .replace('http://localhost:8080', address)
    .replace(/^KEY=sk_….*$/m, `KEY=${key}`)
  assert.ok(commands.includes(address) && commands.includes(key), 'the first lines changed')
  return commands
}
