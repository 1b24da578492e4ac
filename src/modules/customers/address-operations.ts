import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { command, Nothing, query } from '#platform/operations'
import { addAddress } from './commands/add-address.ts'
import { changeAddress, removeAddress } from './commands/change-address.ts'
import { customerErrors } from './errors.ts'
import { listAddresses, selfOf } from './queries.ts'
import { Address, changedAddress, newAddress } from './schemas.ts'

const ofCustomer = { id: IdSchema('customer') }
const ofAddress = { address_id: IdSchema('address') }
const id = '019aa5c0-0000-7000-8000-000000000001'
const address_id = '019aa5c0-0000-7000-8000-000000000002'
const example = {
  first_name: 'Ada',
  last_name: 'King',
  address_line_1: '12 St James’s Square',
  city: 'London',
  province: 'Greater London',
  country_code: 'GB',
  postal_code: 'SW1Y 4JH',
}
const missing = [customerErrors.not_found, customerErrors.address_not_found]
const notMine = [customerErrors.not_a_customer, customerErrors.address_not_found]

/** Addresses, one's own below `/me` and anyone's below their id. */
export const addressOperations = [
  query('customers.list_my_addresses', {
    rest: 'GET /api/v1/customers/me/addresses',
    permission: 'signed_in',
    summary: 'List your addresses',
    input: Type.Object(pageQuery),
    output: PageOf(Address),
    errors: [customerErrors.not_a_customer],
    example: {},
    run: (ctx, input) => listAddresses(ctx, { ...input, id: selfOf(ctx) }),
  }),
  command('customers.add_my_address', {
    rest: 'POST /api/v1/customers/me/addresses',
    permission: 'signed_in',
    status: 201,
    summary: 'Add an address of yours',
    description: 'The first one is the default for shipping and billing.',
    input: Type.Object(newAddress),
    output: Address,
    errors: [customerErrors.not_a_customer, customerErrors.too_many_addresses],
    example,
    run: (ctx, input) => addAddress(ctx, { ...input, id: selfOf(ctx) }),
  }),
  command('customers.change_my_address', {
    rest: 'PUT /api/v1/customers/me/addresses/:address_id',
    permission: 'signed_in',
    summary: 'Change an address of yours',
    input: Type.Object({ ...ofAddress, ...changedAddress }),
    output: Address,
    errors: notMine,
    example: { address_id, is_default_shipping: true },
    run: (ctx, input) => changeAddress(ctx, { ...input, id: selfOf(ctx) }),
  }),
  command('customers.remove_my_address', {
    rest: 'DELETE /api/v1/customers/me/addresses/:address_id',
    permission: 'signed_in',
    status: 204,
    summary: 'Delete an address of yours',
    input: Type.Object(ofAddress),
    output: Nothing,
    errors: notMine,
    example: { address_id },
    run: async (ctx, input) => void (await removeAddress(ctx, { ...input, id: selfOf(ctx) })),
  }),
  query('customers.list_addresses', {
    rest: 'GET /api/v1/customers/:id/addresses',
    permission: 'signed_in',
    summary: 'List a customer’s addresses',
    description: 'Your own, or anyone’s with `customers:read`.',
    input: Type.Object({ ...ofCustomer, ...pageQuery }),
    output: PageOf(Address),
    errors: [customerErrors.not_found],
    example: { id },
    run: listAddresses,
  }),
  command('customers.add_address', {
    rest: 'POST /api/v1/customers/:id/addresses',
    permission: 'signed_in',
    status: 201,
    summary: 'Add an address to a customer',
    description: 'To yourself, or to anyone with `customers:update`.',
    input: Type.Object({ ...ofCustomer, ...newAddress }),
    output: Address,
    errors: [customerErrors.not_found, customerErrors.too_many_addresses],
    example: { id, ...example },
    run: addAddress,
  }),
  command('customers.change_address', {
    rest: 'PUT /api/v1/customers/:id/addresses/:address_id',
    permission: 'signed_in',
    summary: 'Change a customer’s address',
    input: Type.Object({ ...ofCustomer, ...ofAddress, ...changedAddress }),
    output: Address,
    errors: missing,
    example: { id, address_id, postal_code: 'SW1Y 4LE' },
    run: changeAddress,
  }),
  command('customers.remove_address', {
    rest: 'DELETE /api/v1/customers/:id/addresses/:address_id',
    permission: 'signed_in',
    status: 204,
    summary: 'Delete a customer’s address',
    input: Type.Object({ ...ofCustomer, ...ofAddress }),
    output: Nothing,
    errors: missing,
    example: { id, address_id },
    run: async (ctx, input) => void (await removeAddress(ctx, input)),
  }),
]
