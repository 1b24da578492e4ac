import type { ProcessContext } from '#platform/processes'
import { shipmentErrors } from '../errors.ts'
import { type Carrier, carriers } from './carriers.ts'

/** The carrier of this name; throws `carrier_unknown`. */
export function carrierNamed(ctx: Pick<ProcessContext, 'process'>, name: string): Carrier {
  const found = carriers.of(ctx).named(name)
  if (!found) throw shipmentErrors.carrier_unknown({ carrier: name })
  return found
}

/** A call that does not come back within the carrier's time limit counts as broken off. */
export async function withinTime<T>(
  { name, timeout_ms }: Pick<Carrier, 'name' | 'timeout_ms'>,
  called: Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    const error = new Error(`${name} did not answer within ${timeout_ms} ms`)
    timer = setTimeout(() => reject(error), timeout_ms)
    // A call that hangs must not keep a process alive that wants to end.
    timer.unref()
  })
  try {
    return await Promise.race([called, expired])
  } finally {
    clearTimeout(timer)
  }
}
