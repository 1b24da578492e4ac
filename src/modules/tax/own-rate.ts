import type { TaxRate } from '#modules/pricing'

/** Whether no rate is configured, so that these come from the settings. */
export const isDefaultRate = (due: readonly TaxRate[]): boolean =>
  due.every(({ reason }) => reason === 'default')

/**
 * The taxes that are due on something with a rate of its own (parts per million; null if it has
 * none): while no rate is configured, its own stands before the default one.
 */
export const ownRateFirst = (
  due: readonly TaxRate[],
  own_rate_ppm: number | null,
): readonly TaxRate[] =>
  own_rate_ppm === null || !isDefaultRate(due)
    ? due
    : due.map((rate) => ({ ...rate, rate_ppm: own_rate_ppm }))
