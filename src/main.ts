import { runCli } from '#faces/cli/cli'

// A write to a terminal that went away must not end a server that still sells.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

process.exitCode = await runCli(process.argv.slice(2), {
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
  env: process.env,
  createApp: async (parts) => (await import('./app.ts')).createApp(parts),
})
