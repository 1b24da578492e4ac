import type { Actor } from '#platform/context'

/** Staff sees what is not on sale; everyone else, customers included, only what is. */
export const isStaff = ({ own_only, may }: Actor): boolean => !own_only && may('products:read')

/** What a unit costs the merchant is nobody's business but theirs. */
export const seesCosts = ({ own_only, may }: Actor): boolean =>
  !own_only && (may('products:cost') || may('inventory:adjust'))
