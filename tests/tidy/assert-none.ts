import assert from 'node:assert/strict'

/** Passes if there is no offence; else fails with the first forty, one a line. */
export function assertNone(offences: readonly string[]): void {
  const more = offences.length > 40 ? [`… and ${offences.length - 40} more`] : []
  assert.equal(offences.length, 0, `\n${[...offences.slice(0, 40), ...more].join('\n')}`)
}
