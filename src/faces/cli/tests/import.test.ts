import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { createDatabase, onEveryEngine } from '#testing'
import { openFolder, start } from './terminal.ts'

/** The first location of the shop that `seed --products` makes. */
const LOCATION = 'PWM-1'

async function openShop(engine: 'sqlite' | 'postgres') {
  const { url, drop } = await createDatabase(engine)
  const folder = openFolder(engine === 'postgres' ? { APP__DATABASE_URL: url } : {})
  assert.equal((await folder.run('migrate', 'up')).code, 0)
  assert.equal((await folder.run('seed', '--products', '1')).code, 0)
  return {
    ...folder,
    write(name: string, rows: readonly string[]): string {
      const file = join(folder.folder, name)
      writeFileSync(file, `${['sku,name,price,location,quantity', ...rows].join('\n')}\n`)
      return file
    },
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]()
      await drop()
    },
  }
}

onEveryEngine('import', (engine) => {
  it('checks a file and says what is wrong, line by line, and writes nothing', async () => {
    await using shop = await openShop(engine)
    const file = shop.write('shop.csv', ['A,Apple,1.00,,', 'B,,x,,'])

    const dry = await shop.run('import', 'products', file, '--dry-run')
    assert.equal(dry.code, 1)
    assert.match(dry.out, /2 rows are checked; nothing was written/)
    assert.match(dry.err, /^line 3, name: .*\nline 3, price "x": it is not a decimal number$/m)
    const refused = await shop.run('import', 'products', file)
    assert.equal(refused.code, 1)
    assert.match(refused.err, /Nothing was written/)
    const passed = await shop.run('import', 'products', file, '--skip-invalid')
    assert.match(passed.out, /1 of 2 rows applied, 1 products made/)
    const missing = await shop.run('import', 'products', 'nowhere.csv')
    assert.match(missing.err, /^tradepost: nowhere\.csv cannot be read: there is no such file\./)
    const what = await shop.run('import', 'orders', file)
    assert.match(what.err, /products and stock can be imported/)
  })

  it('that was killed is resumed where it stopped, and writes nothing twice', async () => {
    await using shop = await openShop(engine)
    const count = 8_000
    const rows = Array.from(
      { length: count },
      (_, nth) => `P${nth},Product ${nth},5.00,${LOCATION},${nth % 9}`,
    )
    const file = shop.write('shop.csv', rows)

    const killed = start(shop, 'import', 'products', file)
    await killed.printed(/^applying: [1-9]/m)
    killed.child.kill('SIGKILL')
    await killed.ended
    const resumed = await shop.run('import', 'products', file, '--resume')

    assert.equal(resumed.code, 0, resumed.err)
    assert.match(resumed.out, /^Resuming import .*: [1-9]\d* of 8000 rows are applied/m)
    const all = `${count} of ${count} rows applied, ${count} products made`
    assert.match(resumed.out, new RegExp(all))
    const again = await shop.run('import', 'products', file, '--resume')
    assert.match(again.out, /nothing to resume/)
    assert.match(again.out, /0 products made, 0 changed/)
    const doctor = await shop.run('doctor')
    assert.equal(doctor.code, 0, doctor.out + doctor.err)
  })
})
