import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf } from '#kit/pages'
import { accessErrors, User } from '#modules/access'
import { command, Nothing, process, query, requestErrors } from '#platform/operations'
import { createCustomer } from './commands/create-customer.ts'
import { deleteCustomer } from './commands/delete-customer.ts'
import { logInCustomer } from './commands/log-in-customer.ts'
import { registerCustomer } from './commands/register-customer.ts'
import { registerUser } from './commands/register-user.ts'
import { updateCustomer } from './commands/update-customer.ts'
import { customerErrors } from './errors.ts'
import { getCustomer } from './find.ts'
import { listCustomers, selfOf } from './queries.ts'
import {
  CreateCustomer,
  Customer,
  ListCustomers,
  LoggedIn,
  LogIn,
  RegisterCustomer,
  RegisterUser,
  UpdateCustomer,
  UpdateMe,
} from './schemas.ts'

const ById = Type.Object({ id: IdSchema('customer') })
const id = '019aa5c0-0000-7000-8000-000000000001'
const ada = { email: 'ada@example.com', first_name: 'Ada', last_name: 'King' }

/** Customers: registering, oneself, and what staff does (operations API, endpoints/customers). */
export const customerOperations = [
  process('customers.register', {
    rest: 'POST /api/v1/customers/register',
    permission: 'public',
    status: 201,
    summary: 'Register as a customer',
    description: 'Makes a customer and their login. The password has 8 characters or more.',
    input: RegisterCustomer,
    output: Customer,
    errors: [customerErrors.email_taken, accessErrors.weak_password],
    example: { ...ada, password: 'weaves-patterns', accepts_marketing: false },
    run: registerCustomer,
  }),
  process('customers.register_user', {
    rest: 'POST /api/v1/users',
    permission: 'public',
    status: 201,
    summary: 'Make a user',
    description:
      'Anyone may register: that makes a user and the customer they are, with an address if one is sent. `roles` needs `users:create` and `roles:assign`; without `customer` among them it makes a user who is no customer.',
    input: RegisterUser,
    output: User,
    errors: [
      accessErrors.email_taken,
      accessErrors.weak_password,
      accessErrors.unknown_role,
      accessErrors.beyond_own_permissions,
      requestErrors.forbidden,
    ],
    example: { ...ada, password: 'weaves-patterns' },
    run: registerUser,
  }),
  process('customers.log_in', {
    secret: true,
    rest: 'POST /api/v1/customers/login',
    permission: 'public',
    summary: 'Log in as a customer',
    input: LogIn,
    output: LoggedIn,
    errors: [
      accessErrors.invalid_credentials,
      accessErrors.totp_required,
      accessErrors.totp_invalid,
      accessErrors.too_many_attempts,
      accessErrors.account_suspended,
    ],
    example: { email: 'ada@example.com', password: 'weaves-patterns' },
    run: logInCustomer,
  }),
  query('customers.get_me', {
    rest: 'GET /api/v1/customers/me',
    permission: 'signed_in',
    summary: 'Read your own customer record',
    input: Type.Object({}),
    output: Customer,
    errors: [customerErrors.not_a_customer],
    example: {},
    run: (ctx) => getCustomer(ctx, selfOf(ctx)),
  }),
  command('customers.update_me', {
    rest: 'PUT /api/v1/customers/me',
    permission: 'signed_in',
    summary: 'Change your own customer record',
    description: 'The e-mail is changed at `PUT /api/v1/users/me`, with the current password.',
    input: UpdateMe,
    output: Customer,
    errors: [customerErrors.not_a_customer, requestErrors.version_changed],
    example: { phone: '+44 20 7946 0018', accepts_marketing: true },
    run: (ctx, { first_name, last_name, phone, accepts_marketing }) => {
      const changes = { first_name, last_name, phone, accepts_marketing }
      return updateCustomer(ctx, { id: selfOf(ctx), ...changes } as UpdateCustomer)
    },
  }),
  command('customers.delete_me', {
    rest: 'DELETE /api/v1/customers/me',
    permission: 'signed_in',
    status: 204,
    summary: 'Close your own account',
    description: 'Your orders remain with the shop.',
    input: Type.Object({}),
    output: Nothing,
    errors: [customerErrors.not_a_customer],
    example: {},
    run: async (ctx) => void (await deleteCustomer(ctx, { id: selfOf(ctx) })),
  }),
  query('customers.list', {
    rest: 'GET /api/v1/customers',
    permission: 'customers:read',
    summary: 'List customers',
    description: 'Newest first. Go on with `cursor`: every page costs the same.',
    input: ListCustomers,
    output: PageOf(Customer),
    example: { search: 'ada', status: 'Active', limit: 20 },
    run: listCustomers,
  }),
  command('customers.create', {
    rest: 'POST /api/v1/customers',
    permission: 'customers:create',
    status: 201,
    summary: 'Enter a customer',
    description: 'Without a login; `POST /api/v1/users` gives one.',
    input: CreateCustomer,
    output: Customer,
    errors: [customerErrors.email_taken],
    example: ada,
    run: (ctx, input) => createCustomer(ctx, input),
  }),
  query('customers.get', {
    rest: 'GET /api/v1/customers/:id',
    permission: 'signed_in',
    summary: 'Read a customer',
    description: 'Yourself, or anyone with `customers:read`.',
    input: ById,
    output: Customer,
    errors: [customerErrors.not_found],
    example: { id },
    run: (ctx, input) => getCustomer(ctx, input.id),
  }),
  command('customers.update', {
    rest: 'PUT /api/v1/customers/:id',
    permission: 'customers:update',
    summary: 'Change a customer',
    description:
      '`status` Suspended locks their login too; Active takes them back. The e-mail of a customer with a login is changed by their user.',
    input: UpdateCustomer,
    output: Customer,
    errors: [
      customerErrors.not_found,
      customerErrors.email_taken,
      customerErrors.email_is_login,
      requestErrors.version_changed,
    ],
    example: { id, phone: '+44 20 7946 0018', status: 'Inactive' },
    run: updateCustomer,
  }),
  command('customers.delete', {
    rest: 'DELETE /api/v1/customers/:id',
    permission: 'customers:delete',
    status: 204,
    summary: 'Delete a customer',
    description: 'Addresses and login go, orders remain, the e-mail is free again.',
    input: ById,
    output: Nothing,
    errors: [
      customerErrors.not_found,
      accessErrors.last_administrator,
      requestErrors.version_changed,
    ],
    example: { id },
    run: async (ctx, input) => void (await deleteCustomer(ctx, input)),
  }),
]
