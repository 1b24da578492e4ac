import { Type } from 'typebox'
import { command, process, query } from '#platform/operations'
import { shipmentErrors as errors } from '../errors.ts'
import { shipmentLifecycle } from '../lifecycle.ts'
import { GetShipment } from '../schemas.ts'
import { buyLabels } from './purchase.ts'
import { getLabel, getLabelPaper, listLabels, withdrawLabel } from './queries.ts'
import { askRates, listRates } from './rates.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const shopping = [errors.no_weight, errors.no_rates, errors.carrier_failed]

export const labelOperations = [
  process('shipments.ask_rates', {
    rest: 'POST /api/v1/shipments/:id/rates',
    permission: 'shipments:update',
    summary: 'Ask carriers what they take for a shipment',
    description:
      'Names the cheapest, the fastest and the cheapest that arrives by `deliver_by`. A carrier that does not answer is told in `problems` and stops nobody.',
    input: of.AskRates,
    output: of.Rates,
    errors: [errors.not_found, ...shopping, ...shipmentLifecycle.refusals('process')],
    example: { id: EXAMPLE_ID, deliver_by: '2030-01-15T18:00:00Z' },
    run: askRates,
  }),
  query('shipments.list_rates', {
    rest: 'GET /api/v1/shipments/:id/rates',
    permission: 'shipments:update',
    summary: 'List what carriers offered for a shipment',
    description: 'The one that was taken has `chosen_at`; the others of its batch stood beside it.',
    input: GetShipment,
    output: Type.Object({ items: Type.Array(of.Rate) }),
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: listRates,
  }),
  process('shipments.buy_labels', {
    rest: 'POST /api/v1/shipments/:id/label',
    aliases: ['POST /api/v1/shipments/:id/labels'],
    permission: 'shipments:update',
    summary: 'Buy a label for each parcel of a shipment',
    description:
      'By a named rate, or by the best offer of now. A label may be `unknown` for a while: what became of it is found out without you, and asked again the same call goes on where it was. Send an Idempotency-Key.',
    status: 201,
    input: of.BuyLabels,
    output: of.BoughtLabels,
    errors: [
      errors.not_found,
      errors.label_exists,
      errors.label_in_progress,
      errors.label_refused,
      errors.rate_not_found,
      errors.rate_expired,
      ...shopping,
      ...shipmentLifecycle.refusals('process'),
    ],
    example: { id: EXAMPLE_ID, strategy: 'cheapest' },
    run: buyLabels,
  }),
  query('shipments.list_labels', {
    rest: 'GET /api/v1/shipments/:id/labels',
    permission: 'shipments:update',
    summary: 'List the labels of a shipment, also those given back',
    input: GetShipment,
    output: of.Labels,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: listLabels,
  }),
  query('shipments.get_label', {
    rest: 'GET /api/v1/labels/:id',
    permission: 'shipments:update',
    summary: 'Read a label',
    input: of.GetLabel,
    output: of.Label,
    errors: [errors.label_not_found],
    example: { id: EXAMPLE_ID },
    run: getLabel,
  }),
  query('shipments.get_label_paper', {
    rest: 'GET /api/v1/labels/:id/paper',
    permission: 'shipments:update',
    summary: 'Read what is printed of a label, in Base64',
    description: 'The same as bytes: `GET /api/v1/labels/{id}.pdf`.',
    input: of.GetLabel,
    output: of.Paper,
    errors: [errors.label_not_found, errors.no_document],
    example: { id: EXAMPLE_ID },
    run: getLabelPaper,
  }),
  command('shipments.void_label', {
    rest: 'POST /api/v1/labels/:id/void',
    permission: 'shipments:update',
    summary: 'Give a label back to its carrier',
    description: 'The carrier is told right after; `voiding` until it says yes.',
    isolation: 'read committed',
    input: of.GetLabel,
    output: of.Label,
    errors: [errors.label_not_found, errors.label_not_voidable],
    example: { id: EXAMPLE_ID },
    run: withdrawLabel,
  }),
]
