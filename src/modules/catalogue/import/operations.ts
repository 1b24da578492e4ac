import { cancelImport, resumeImport } from '#platform/imports/commands'
import { importErrors as errors } from '#platform/imports/errors'
import { importLifecycle } from '#platform/imports/lifecycle'
import { getImport, listImportErrors, listImports } from '#platform/imports/queries'
import * as of from '#platform/imports/schemas'
import { command, query } from '#platform/operations'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

export const importOperations = [
  query('catalogue.list_imports', {
    rest: 'GET /api/v1/imports',
    permission: 'inventory:adjust',
    summary: 'List imports, the newest first',
    input: of.ListImports,
    output: of.Imports,
    example: { limit: 20 },
    run: listImports,
  }),
  query('catalogue.get_import', {
    rest: 'GET /api/v1/imports/:id',
    permission: 'inventory:adjust',
    summary: 'Read how far an import is',
    consistency: 'statement',
    input: of.GetImport,
    output: of.Import,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: getImport,
  }),
  query('catalogue.list_import_errors', {
    rest: 'GET /api/v1/imports/:id/errors',
    permission: 'inventory:adjust',
    summary: 'List what is wrong with the rows of an import',
    description: 'Every error of every row, with line and column. `errors.csv` has them as a file.',
    input: of.ListImportErrors,
    output: of.ImportErrors,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, limit: 50 },
    run: listImportErrors,
  }),
  command('catalogue.cancel_import', {
    rest: 'POST /api/v1/imports/:id/cancel',
    permission: 'inventory:adjust',
    summary: 'Stop an import',
    description: 'What is applied stays: each product or shelf is whole or untouched.',
    input: of.GetImport,
    output: of.Import,
    errors: [errors.not_found, ...importLifecycle.refusals('cancel')],
    example: { id: EXAMPLE_ID },
    run: cancelImport,
  }),
  command('catalogue.resume_import', {
    rest: 'POST /api/v1/imports/:id/resume',
    permission: 'inventory:adjust',
    summary: 'Take up an import that failed, where it stopped',
    input: of.GetImport,
    output: of.Import,
    errors: [errors.not_found, ...importLifecycle.refusals('recheck', 'reapply')],
    example: { id: EXAMPLE_ID },
    run: resumeImport,
  }),
]
