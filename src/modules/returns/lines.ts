import type { Id } from '#kit/ids'
import { invalidField } from '#platform/operations'
import { returnErrors } from './errors.ts'
import type { LineRow } from './tables.ts'

type Named = { id?: Id<'return_line'> | undefined; sku?: string | undefined }

/** The line of a return that an item of a request names, by its id or its SKU. */
export function lineNamed(lines: readonly LineRow[], { id, sku }: Named, index: number): LineRow {
  if (id === undefined && sku === undefined) throw invalidField(`items.${index}.id`, 'is required')
  const key = sku?.toLowerCase()
  const found = lines.find((line) =>
    id === undefined ? line.sku.toLowerCase() === key : line.id === id,
  )
  if (found) return found
  throw returnErrors.line_not_found({ item_id: id ?? sku ?? '' })
}

/** Units of a line that were agreed on and are not here yet. */
export const awaitedUnits = ({ quantity, received_quantity }: LineRow): number =>
  Math.max(0, quantity - received_quantity)

/** Units of a line that somebody has looked at. */
export const inspectedUnits = (line: LineRow): number =>
  line.restocked_quantity +
  line.quarantined_quantity +
  line.scrapped_quantity +
  line.sent_back_quantity

/** Units of a line that are here and wait for a look. */
export const waitingUnits = (line: LineRow): number => line.received_quantity - inspectedUnits(line)
