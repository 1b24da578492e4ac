/**
 * The roles that every house has (operations-api conventions, section 9, with what the published
 * list forgot). Their permissions stand here and not in the table, so that a new version's modules
 * are covered on the day it starts.
 */
export const BUILT_IN_ROLES = {
  admin: {
    description: 'May do everything.',
    permissions: ['*'],
  },
  manager: {
    description: 'Runs the shop: catalogue, stock, orders, money; not users and roles.',
    permissions: [
      'orders:read',
      'orders:create',
      'orders:update',
      'orders:cancel',
      'drafts:*',
      'products:*',
      'inventory:*',
      'fulfilment:*',
      'promotions:*',
      'payments:*',
      'gift-cards:*',
      'store-credit:*',
      'credit:read',
      'returns:*',
      'warranties:*',
      'woocommerce:*',
      'shipments:*',
      'shipping:*',
      'tax:*',
      'notifications:*',
      'storefronts:*',
      'customers:read',
      'customers:create',
      'customers:update',
      'suppliers:read',
      'suppliers:create',
      'suppliers:update',
      'purchaseorders:*',
      'asns:*',
      'boms:*',
      'workorders:*',
      'agentic:*',
      'reports:*',
      'metrics:read',
      'users:read',
      'roles:read',
      'api-keys:read',
      'api-keys:create',
      'api-keys:delete',
    ],
  },
  staff: {
    description: 'Serves buyers: orders, stock on the shelf, returns; no prices and no refunds.',
    permissions: [
      'orders:read',
      'orders:create',
      'orders:update',
      'orders:cancel',
      'drafts:read',
      'drafts:write',
      'products:read',
      'inventory:read',
      'inventory:adjust',
      'inventory:count',
      'fulfilment:read',
      'fulfilment:write',
      'promotions:read',
      'payments:access',
      'payments:read',
      'gift-cards:read',
      'store-credit:read',
      'returns:read',
      'returns:create',
      'warranties:read',
      'warranties:create',
      'shipments:read',
      'shipments:create',
      'shipments:update',
      'shipping:read',
      'tax:read',
      'notifications:read',
      'storefronts:read',
      'customers:read',
      'customers:create',
      'customers:update',
      'suppliers:read',
    ],
  },
  customer: {
    description: 'Buys: sees and changes only what is their own.',
    permissions: [
      'orders:read',
      'orders:create',
      'orders:cancel',
      'payments:access',
      'payments:read',
      'payments:write',
      'gift-cards:read',
      'store-credit:read',
      'returns:read',
      'returns:create',
      'warranties:read',
      'warranties:update',
      'products:read',
      'shipments:read',
    ],
  },
} as const satisfies Record<string, { description: string; permissions: readonly string[] }>

export type BuiltInRole = keyof typeof BUILT_IN_ROLES

type StoredRole = { name: string; permissions: readonly string[] }

/** What a role allows: from the code if it is built in, else from its row. */
export function permissionsOf(role: StoredRole): readonly string[] {
  const builtIn = BUILT_IN_ROLES[role.name as BuiltInRole] as { permissions: readonly string[] }
  return builtIn?.permissions ?? role.permissions
}

/**
 * What several roles allow together. What `customer` allows is meant for one's own things only, so
 * it counts only for who is nothing else: a picker who also buys must not read everyone's orders.
 */
export function permissionsTogether(roles: readonly StoredRole[]): string[] {
  const others = roles.filter(({ name }) => name !== 'customer')
  return [...new Set((others.length > 0 ? others : roles).flatMap(permissionsOf))]
}
