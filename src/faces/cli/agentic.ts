import { standalone } from '#faces/agentic-dialect/standalone'
import { build } from '#platform/build'
import type { Facts } from './banner.ts'
import type { Command } from './cli.ts'
import { runServer } from './serve.ts'

/** What a database in memory asks for, where nothing else is said. */
const DEFAULTS = { APP__DATABASE_URL: 'sqlite::memory:', APP__SEED: 'catalogue' }

export const agentic: Command = {
  usage: `Usage: tradepost agentic

Serves agents and nobody else: the Agentic Commerce Protocol in every version, the structured
dialect (requests without an API-Version header), delegate payment, discovery, the product feed and
MCP. Orders, stock and money are those of the whole program, on a database in memory with what the
demo shop sells unless told otherwise.

Settings are those of \`tradepost serve\`; what differs:
  APP__DATABASE_URL   sqlite::memory: unless set
  APP__SEED           catalogue unless set: what the demo shop sells, and no orders
  HOST, PORT          where to listen, if APP__HOST and APP__PORT are not set
  WEBHOOK_URL         where agents are told of orders: the same as APP__AGENTIC_COMMERCE_WEBHOOK_URL
  WEBHOOK_SECRET      signs that: the same as APP__AGENTIC_COMMERCE_WEBHOOK_SECRET`,
  options: {},
  words: [0, 0],
  run: (_, terminal) => {
    const env = { ...DEFAULTS, ...given(published(terminal.env)), ...given(terminal.env) }
    return runServer(
      { ...terminal, env },
      { serves: { canonical: false, faces: standalone }, banner },
    )
  },
}

type Env = Readonly<Record<string, string | undefined>>

/** Settings by the names that the documents of standalone servers have for them. */
const PUBLISHED = {
  HOST: 'APP__HOST',
  PORT: 'APP__PORT',
  WEBHOOK_URL: 'APP__AGENTIC_COMMERCE_WEBHOOK_URL',
  WEBHOOK_SECRET: 'APP__AGENTIC_COMMERCE_WEBHOOK_SECRET',
}

const published = (env: Env): Env =>
  Object.fromEntries(Object.entries(PUBLISHED).map(([name, ours]) => [ours, env[name]]))

/** Compose files pass variables on as empty text when nobody has set them. */
const given = (env: Env): Env =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))

function banner({ settings, port, administrator }: Facts): string {
  const host = settings.host === '0.0.0.0' ? 'localhost' : settings.host
  const base = settings.public_url ?? `http://${host}:${port}`
  const key = administrator?.api_key ?? 'YOUR_API_KEY'
  // Of the demo shop, so that what is printed can be run as it stands.
  const sku = settings.seed === 'none' ? 'SKU' : 'MUG-TIDEMUG-SLAT'
  return `Tradepost ${build().version} serves agents at ${base}

  Discovery   ${base}/.well-known/acp.json
  Feed        ${base}/api/v1/feeds/products.jsonl
  Metrics     ${base}/metrics
${administrator ? `  API key     ${key}   (shown this once)\n` : ''}
  curl -X POST '${base}/checkout_sessions' -H 'Authorization: Bearer ${key}' \\
    -H 'Content-Type: application/json' -d '{"items":[{"id":"${sku}","quantity":1}]}'
`
}
