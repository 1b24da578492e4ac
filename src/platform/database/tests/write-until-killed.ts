import { openSqlite } from '#platform/database/sqlite'

// Writes to the database that it is given, some pages a commit, and says after each how many rows
// are safe, until it is killed.

const database = openSqlite({ path: process.argv[2] as string })
const ROWS = 200
const PAGE = 'x'.repeat(4000)

await database.write((session) =>
  session.run({ sql: 'create table pages (nth integer primary key, text text)', parameters: [] }),
)
for (let safe = 0; ; safe += ROWS) {
  await database.write(async (session) => {
    for (let nth = safe; nth < safe + ROWS; nth++) {
      session.send({ sql: 'insert into pages values (?, ?)', parameters: [nth, `${nth}${PAGE}`] })
    }
  })
  process.stdout.write(`${safe + ROWS}\n`)
}
