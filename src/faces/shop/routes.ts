import type { TSchema } from 'typebox'
import type { App } from '#platform/app'
import type { Operation } from '#platform/operations'
import { cartOperations } from './cart-operations.ts'
import { checkoutOperations, openedIntent, openedSession } from './checkout-operations.ts'
import type { Category } from './limits.ts'
import { loginPrinted } from './login.ts'
import { OpenedIntent, OpenedSession, Tokens } from './schemas.ts'
import { wooRoutes } from './woocommerce.ts'

/** One path of this face: the operation that answers it, and how the answer is printed. */
export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/api` and `/api/v1`. */
  path: string
  category: Category
  operation: Operation
  print: (output: never, input: never) => unknown
  /** What is printed, where it is not what the operation answers. */
  answer?: TSchema
}

const asIs = (output: unknown) => output

const routeOf = (operation: Operation, category: Category, print: Route['print'] = asIs): Route => {
  const [method, path] = operation.rest.split(' ') as [Route['method'], string]
  return { method, path: path.replace(/^\/api/, ''), category, operation, print }
}

/** Every path of the document but the webhooks, which payments answers. */
export function routesOf(app: App): Route[] {
  const { open, read, intent } = checkoutOperations
  return [
    ...loginRoutes(app),
    ...cartOperations.map((operation) => routeOf(operation, 'cart')),
    { ...routeOf(open, 'checkout', openedSession), answer: OpenedSession },
    routeOf(read, 'checkout'),
    { ...routeOf(intent, 'checkout', openedIntent), answer: OpenedIntent },
    ...wooRoutes(app),
  ]
}

function loginRoutes({ operations }: App): Route[] {
  return (
    [
      ['access.log_in', '/auth/login'],
      ['access.refresh', '/auth/refresh'],
    ] as const
  ).flatMap(([name, path]) => {
    const operation = operations.find((one) => one.name === name)
    const print = loginPrinted
    const own = { path, category: 'login', print, answer: Tokens } as const
    return operation ? [{ method: 'POST', operation, ...own }] : []
  })
}
