// Runs a script of this repository on Node 26, installing first what is missing:
//   node scripts/run.mjs scripts/test.ts --engine sqlite
import { handOver, prepare } from './bootstrap.mjs'

handOver(prepare({ development: true }), process.argv.slice(2))
