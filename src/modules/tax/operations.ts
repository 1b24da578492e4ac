import { pricingErrors } from '#modules/pricing'
import { command, Nothing, query } from '#platform/operations'
import { getClass, listClasses } from './classes.ts'
import { archiveClass } from './commands/archive-class.ts'
import { archiveRate } from './commands/archive-rate.ts'
import { createClass } from './commands/create-class.ts'
import { createRate } from './commands/create-rate.ts'
import { updateClass } from './commands/update-class.ts'
import { updateRate } from './commands/update-rate.ts'
import { taxErrors as errors } from './errors.ts'
import { quoteTax } from './quote.ts'
import { getRate, listRates } from './rates.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

const rates = [
  query('tax.list_rates', {
    rest: 'GET /api/v1/tax/rates',
    permission: 'tax:read',
    summary: 'List tax rates',
    description: 'Newest first. `valid_at` keeps to those that are in force at that instant.',
    input: of.ListRates,
    output: of.TaxRates,
    example: { country: 'US', region: 'CA', limit: 20 },
    run: listRates,
  }),
  query('tax.get_rate', {
    rest: 'GET /api/v1/tax/rates/:id',
    permission: 'tax:read',
    summary: 'Read a tax rate',
    input: of.GetRate,
    output: of.TaxRate,
    errors: [errors.rate_not_found],
    example: { id: EXAMPLE_ID },
    run: getRate,
  }),
  command('tax.create_rate', {
    rest: 'POST /api/v1/tax/rates',
    permission: 'tax:write',
    summary: 'Add a tax rate for a country, a region or postal codes',
    description:
      'All rates that match a destination apply together, such as those of a state and a county. ' +
      'From the first rate that is in force on, `default_tax_rate` is no longer asked.',
    status: 201,
    input: of.CreateRate,
    output: of.TaxRate,
    errors: [errors.class_unknown, errors.rate_overlaps],
    example: {
      country: 'NZ',
      name: 'GST',
      rate: '0.15',
      valid_from: '2010-10-01T00:00:00+13:00',
    },
    run: createRate,
  }),
  command('tax.update_rate', {
    rest: 'PUT /api/v1/tax/rates/:id',
    permission: 'tax:write',
    summary: 'Change a tax rate, or the time in which it is in force',
    description: 'Only what is named changes. To change a rate of today, end it and add another.',
    input: of.UpdateRate,
    output: of.TaxRate,
    errors: [errors.rate_not_found, errors.rate_overlaps],
    example: { id: EXAMPLE_ID, valid_until: '2030-01-01T00:00:00Z' },
    run: updateRate,
  }),
  command('tax.archive_rate', {
    rest: 'DELETE /api/v1/tax/rates/:id',
    permission: 'tax:write',
    summary: 'Take a tax rate away',
    description: 'For what was a mistake; what ends gets a `valid_until`. Orders keep their tax.',
    status: 204,
    input: of.GetRate,
    output: Nothing,
    errors: [errors.rate_not_found],
    example: { id: EXAMPLE_ID },
    run: archiveRate,
  }),
]

const classes = [
  query('tax.list_classes', {
    rest: 'GET /api/v1/tax/classes',
    permission: 'tax:read',
    summary: 'List tax classes',
    input: of.ListClasses,
    output: of.TaxClasses,
    example: { limit: 20 },
    run: listClasses,
  }),
  query('tax.get_class', {
    rest: 'GET /api/v1/tax/classes/:id',
    permission: 'tax:read',
    summary: 'Read a tax class',
    input: of.GetClass,
    output: of.TaxClass,
    errors: [errors.class_not_found],
    example: { id: 'standard' },
    run: getClass,
  }),
  command('tax.create_class', {
    rest: 'POST /api/v1/tax/classes',
    permission: 'tax:write',
    summary: 'Add a tax class',
    description: 'What is of it is taxed as standard wherever the class has no rate of its own.',
    status: 201,
    input: of.CreateClass,
    output: of.TaxClass,
    errors: [errors.class_taken],
    example: { code: 'books', name: 'Books', description: 'Printed books and newspapers' },
    run: createClass,
  }),
  command('tax.update_class', {
    rest: 'PUT /api/v1/tax/classes/:id',
    permission: 'tax:write',
    summary: "Change a tax class's name or description",
    input: of.UpdateClass,
    output: of.TaxClass,
    errors: [errors.class_not_found],
    example: { id: 'standard', name: 'Standard rate' },
    run: updateClass,
  }),
  command('tax.archive_class', {
    rest: 'DELETE /api/v1/tax/classes/:id',
    permission: 'tax:write',
    summary: 'Take a tax class out of use',
    status: 204,
    input: of.GetClass,
    output: Nothing,
    errors: [errors.class_not_found, errors.class_built_in, errors.class_in_use],
    example: { id: 'books' },
    run: archiveClass,
  }),
]

const quotes = [
  query('tax.quote', {
    rest: 'GET /api/v1/tax/quote',
    permission: 'signed_in',
    summary: 'Ask what tax an amount would carry at a destination',
    description:
      'Without a country, the one of the shop. By the same rates and rounding as orders.',
    consistency: 'statement',
    input: of.Quote,
    output: of.Quoted,
    errors: [pricingErrors.too_large],
    example: {
      country: 'US',
      region: 'CA',
      postal_code: '90001',
      amount: '19.99',
      currency: 'USD',
    },
    run: quoteTax,
  }),
]

export const operations = [...rates, ...classes, ...quotes]
