import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '#app'
import { runCli } from '#faces/cli/cli'
import type { Engine } from '#platform/database/database'
import { openClient } from '../../src/faces/mcp/tests/client.ts'
import { SIGNED } from '../../src/faces/shop/tests/shopping.ts'
import { kitOf } from '../../src/modules/woocommerce/tests/shop.ts'
import { WooDouble } from '../doubles/woocommerce/server.ts'
import { type House, openHouse } from '../testing.ts'
import { openPlatform, profileOf } from '../ucp/platform.ts'

export const SKU = 'KEYBOARD-1'
export const PRICE = '79.99'
export const UNITS = 40

export type Stage = Awaited<ReturnType<typeof openStage>>

/**
 * One house that is spoken to through everything there is: with a shop of WooCommerce beside it and
 * a platform of UCP. What it sells came by the command line.
 */
export async function openStage(engine: Engine) {
  const woo = await WooDouble.open()
  const platform = await openPlatform()
  const house = await openHouse(engine, {
    settings: {
      ...SIGNED,
      ...(woo.settings as object),
      environment: 'development',
      webhook_private_addresses: true,
    },
  })
  const shelf = await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
  assert.equal(shelf.status, 201)
  const cli = commandLine(house)
  const rows = ['sku,name,price,location,quantity', `${SKU},A keyboard,${PRICE},MAIN,${UNITS}`]
  const imported = await cli.run(['import', 'products', cli.file('shop.csv', rows)])
  assert.equal(imported.code, 0, imported.said)
  const { body: listed } = await house.send('GET /api/v1/ecommerce/products')
  const staff = await openClient(house, { headers: { 'x-api-key': house.adminKey } })
  const profile_url = platform.publish('/profile', profileOf({}))
  return {
    house,
    woo,
    cli,
    kit: kitOf(house, woo),
    /** Speaks MCP with every permission. */
    staff,
    /** Orders by their id here, and theirs in WooCommerce. */
    sent: new Map<string, number>(),
    profile_url,
    /** As the e-commerce face names it. */
    product_id: listed[0].id as string,
    async [Symbol.asyncDispose]() {
      cli.close()
      await staff.client.close()
      await house.close()
      await platform.close()
      await woo.close()
    },
  }
}

/** `tradepost` in this process, on the database of a house. */
function commandLine({ url }: House) {
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-faces-'))
  const env = { APP__ENVIRONMENT: 'test', APP__DATABASE_URL: url }
  return {
    file(name: string, lines: readonly string[]): string {
      writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
      return join(folder, name)
    },
    async run(argv: string[]) {
      const said: string[] = []
      const print = (line: string) => void said.push(line)
      const make = async (parts: Parameters<typeof createApp>[0]) => createApp(parts)
      const code = await runCli(argv, { print, printError: print, env, createApp: make })
      return { code, said: said.join('\n') }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What an answer says, which must be a good one. */
export const made = (answer: { status: number; body: any }) => {
  assert.ok(answer.status < 300, JSON.stringify(answer.body))
  return answer.body
}

export const decimal = (minor: number) => (minor / 100).toFixed(2)

/** An order that is paid: its id in the house, and what its buyer was told that it costs. */
export type Bought = {
  order_id: string
  total: string
  units: number
  /** The total and the state as the face through which it was bought tells them later. */
  again?: () => Promise<[total: string, state: string]>
}
export type Buy = (stage: Stage) => Promise<Bought>
