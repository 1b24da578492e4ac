import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { build } from '#platform/build'

const BOOTSTRAP = join(import.meta.dirname, '../../../../scripts/bootstrap.mjs')

it('what is remembered of compiled sources is kept, and that of other versions cleared', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-cache-'))
  const { version } = build()
  // The tests have such a folder of their own, which Node would take instead.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  const start = () =>
    promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { rememberCompiled } from ${JSON.stringify(BOOTSTRAP)}
       rememberCompiled(${JSON.stringify(folder)})
       await import(${JSON.stringify(join(import.meta.dirname, '../../../kit/csv.ts'))})`,
      ],
      { env },
    )
  try {
    for (const old of ['v20.1.0-x64', '0.0.9/v26.1.0-x64', `${version}/v25.0.0-x64`]) {
      mkdirSync(join(folder, old), { recursive: true })
      writeFileSync(join(folder, old, 'abc.esm'), 'compiled')
    }
    await start()
    assert.deepEqual(readdirSync(folder), [version])
    const [inUse = '', ...others] = readdirSync(join(folder, version))
    assert.match(inUse, new RegExp(`^${process.version}`))
    assert.deepEqual(others, [])
    const kept = readdirSync(join(folder, version, inUse))
    assert.notDeepEqual(kept, [])
    await start()
    assert.deepEqual(readdirSync(join(folder, version, inUse)), kept)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
