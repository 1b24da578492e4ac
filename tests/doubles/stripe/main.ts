import { HOOK_SECRET, StripeDouble } from './server.ts'

// A service of its own: node tests/doubles/stripe/main.ts [port] [address of the shop]
const [port = '0', shop] = process.argv.slice(2)
const double = await StripeDouble.open({ port: Number(port) })
if (shop) double.sendTo({ url: `${shop}/api/webhooks/stripe`, secret: HOOK_SECRET })
for (const [name, value] of Object.entries(double.environment)) {
  process.stdout.write(`${name}=${value}\n`)
}
