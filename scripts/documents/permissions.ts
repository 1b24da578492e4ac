import type { Module } from '#platform/module'
import { BUILT_IN_ROLES } from '../../src/modules/access/built-in-roles.ts'
import { grantsOf } from '../../src/modules/access/permissions.ts'
import { code, page, table } from './markdown.ts'

/** Every permission: what it opens, and which built-in role has it. */
export function permissionsPage(modules: readonly Module[]): string {
  const operations = modules.flatMap((module) => module.operations)
  const byPermission = Map.groupBy(operations, ({ permission }) => permission)
  const permissions = [...byPermission.keys()].filter((name) => name.includes(':')).toSorted()
  const roles = Object.entries(BUILT_IN_ROLES).map(([name, role]) => ({
    name,
    description: role.description,
    grants: grantsOf(role.permissions),
  }))
  const opened = permissions.map((permission) => [
    code(permission),
    ...roles.map(({ grants }) => (grants(permission) ? 'yes' : '')),
    (byPermission.get(permission) ?? []).map(({ name }) => code(name)).join(', '),
  ])
  const open = (permission: 'public' | 'signed_in') =>
    (byPermission.get(permission) ?? []).map(({ name }) => code(name)).join(', ') || 'nothing'
  return page(
    'Permissions',
    'What a caller must hold. `area:*` is all of an area, `*` is everything. Customers see and change only what is their own.',
    [
      `## Built-in roles\n\n${table(
        ['role', 'what it is for'],
        roles.map(({ name, description }) => [code(name), description]),
      )}`,
      `## What they open\n\n${table(['permission', ...roles.map(({ name }) => name), 'operations'], opened)}`,
      `## Without a permission\n\nOpen to anyone: ${open('public')}.\n\nOpen to anyone who is signed in: ${open('signed_in')}.`,
    ],
  )
}
