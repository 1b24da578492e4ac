import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultToml } from '#platform/config/describe'

// Writes config/default.toml from the schema of the settings; `--check` only compares.
const file = join(import.meta.dirname, '../config/default.toml')
if (!process.argv.includes('--check')) writeFileSync(file, defaultToml())
else if (readFileSync(file, 'utf8') !== defaultToml()) {
  console.error('config/default.toml is stale: npm run docs')
  process.exitCode = 1
}
