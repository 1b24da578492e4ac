import { isVaultToken } from '#modules/vault'
import type { Context } from '#platform/context'
import { isSealed, seal, unseal } from '#platform/sealed'

/** What stands for a token of the vault wherever a payment is shown. */
const MASKED = 'vt_…'

type With = Pick<Context, 'settings'>

/**
 * The means of a payment as its row keeps it. A token of the vault can charge a card, also again
 * after a decline, so it is sealed; a provider's own names can be used by nobody but this house.
 */
export const storedMeans = ({ settings }: With, means: string | null): string | null =>
  means !== null && isVaultToken(means) ? seal(means, settings.jwt_secret) : means

/** The means as the provider is told. */
export const meansOf = ({ settings }: With, stored: string | null): string | null =>
  stored && unseal(stored, settings.jwt_secret)

/** The means as people are shown it. */
export const shownMeans = (stored: string | null): string | null =>
  stored !== null && (isSealed(stored) || isVaultToken(stored)) ? MASKED : stored
