import { findDamage } from '#platform/database/damage'
import { readAsSystem } from '#platform/execute'
import { findViolations } from '#platform/invariants'
import type { Command } from './cli.ts'
import { openHouse } from './house.ts'

export const doctor: Command = {
  usage: `Usage: tradepost doctor

Checks a live database: that it answers, that its tables are those of this version, that the file
is not damaged (SQLite), and every invariant of every module on one snapshot. Changes nothing, and
may run while the server does. Exits 1 if anything is broken, and prints each broken row.`,
  options: {},
  words: [0, 0],
  async run(_, terminal) {
    const { print } = terminal
    const { app, close } = await openHouse(terminal, { unhurried: true })
    try {
      print(`well    the database answers (${app.database.engine})`)
      print('well    the tables are those of this version')
      const damage = await app.database.read(findDamage)
      for (const line of damage) print(`broken  ${line}`)
      const violations = await readAsSystem(app, (ctx) => findViolations(ctx, app.invariants))
      for (const line of violations) print(`broken  ${line}`)
      const broken = damage.length + violations.length
      print(`${app.invariants.length} invariants checked, ${broken} violations`)
      return broken === 0 ? 0 : 1
    } finally {
      await close()
    }
  },
}
