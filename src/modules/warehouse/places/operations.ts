import { inventoryErrors } from '#modules/inventory'
import { command, Nothing, process, query } from '#platform/operations'
import { warehouseErrors as errors } from '../errors.ts'
import { archiveBin, createBins, getBin, updateBin } from './bins.ts'
import { moveUnits } from './move-units.ts'
import { listBins, listContent, listPlaces } from './queries.ts'
import * as of from './schemas.ts'
import { startBins } from './start-bins.ts'
import { archiveZone, createZone, getZone, listZones, updateZone } from './zones.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const { item_not_found, location_not_found } = inventoryErrors

const zones = [
  query('warehouse.list_zones', {
    rest: 'GET /api/v1/warehouse/zones',
    permission: 'inventory:read',
    summary: 'List the zones of a location',
    input: of.ListZones,
    output: of.Zones,
    errors: [location_not_found],
    example: { location_id: 'MAIN', limit: 20 },
    run: listZones,
  }),
  query('warehouse.get_zone', {
    rest: 'GET /api/v1/warehouse/zones/:id',
    permission: 'inventory:read',
    summary: 'Read a zone',
    input: of.GetZone,
    output: of.Zone,
    errors: [errors.zone_not_found],
    example: { id: EXAMPLE_ID },
    run: getZone,
  }),
  command('warehouse.create_zone', {
    rest: 'POST /api/v1/warehouse/zones',
    permission: 'inventory:adjust',
    summary: 'Lay out a zone of a location',
    status: 201,
    input: of.CreateZone,
    output: of.Zone,
    errors: [location_not_found, errors.code_taken],
    example: { location_id: 'MAIN', code: 'COLD', name: 'Cold room', pick_sequence: 20 },
    run: createZone,
  }),
  command('warehouse.update_zone', {
    rest: 'PUT /api/v1/warehouse/zones/:id',
    permission: 'inventory:adjust',
    summary: "Change a zone's name or place",
    input: of.UpdateZone,
    output: of.Zone,
    errors: [errors.zone_not_found],
    example: { id: EXAMPLE_ID, name: 'Cold store' },
    run: updateZone,
  }),
  command('warehouse.archive_zone', {
    rest: 'DELETE /api/v1/warehouse/zones/:id',
    permission: 'inventory:adjust',
    summary: 'Give up a zone without bins',
    status: 204,
    input: of.GetZone,
    output: Nothing,
    errors: [errors.zone_not_found, errors.zone_in_use],
    example: { id: EXAMPLE_ID },
    run: archiveZone,
  }),
]

const bins = [
  query('warehouse.list_bins', {
    rest: 'GET /api/v1/warehouse/bins',
    permission: 'inventory:read',
    summary: 'List bins',
    input: of.ListBins,
    output: of.Bins,
    errors: [location_not_found],
    example: { location_id: 'MAIN', type: 'storage', limit: 50 },
    run: listBins,
  }),
  query('warehouse.get_bin', {
    rest: 'GET /api/v1/warehouse/bins/:id',
    permission: 'inventory:read',
    summary: 'Read a bin by id or scan code',
    input: of.GetBin,
    output: of.Bin,
    errors: [errors.bin_not_found],
    example: { id: EXAMPLE_ID },
    run: getBin,
  }),
  query('warehouse.list_bin_content', {
    rest: 'GET /api/v1/warehouse/bins/:id/content',
    permission: 'inventory:read',
    summary: 'List what lies in a bin',
    input: of.ListContent,
    output: of.Places,
    errors: [errors.bin_not_found],
    example: { id: EXAMPLE_ID, limit: 50 },
    run: listContent,
  }),
  command('warehouse.create_bins', {
    rest: 'POST /api/v1/warehouse/bins',
    permission: 'inventory:adjust',
    summary: 'Set up bins, all or none',
    description: 'They are addresses until the location keeps its units by bin.',
    status: 201,
    input: of.CreateBins,
    output: of.CreatedBins,
    errors: [location_not_found, errors.zone_not_found, errors.code_taken, errors.scan_code_taken],
    example: {
      location_id: 'MAIN',
      bins: [{ code: 'A-01-1', type: 'picking', pick_sequence: 10 }],
    },
    run: createBins,
  }),
  command('warehouse.update_bin', {
    rest: 'PUT /api/v1/warehouse/bins/:id',
    permission: 'inventory:adjust',
    summary: 'Change a bin',
    input: of.UpdateBin,
    output: of.Bin,
    errors: [
      errors.bin_not_found,
      errors.zone_not_found,
      errors.bin_elsewhere,
      errors.scan_code_taken,
    ],
    example: { id: EXAMPLE_ID, pick_sequence: 15 },
    run: updateBin,
  }),
  command('warehouse.archive_bin', {
    rest: 'DELETE /api/v1/warehouse/bins/:id',
    permission: 'inventory:adjust',
    summary: 'Give up an empty bin',
    status: 204,
    input: of.GetBin,
    output: Nothing,
    errors: [errors.bin_not_found, errors.bin_in_use],
    example: { id: EXAMPLE_ID },
    run: archiveBin,
  }),
]

const units = [
  process('warehouse.start_bins', {
    rest: 'POST /api/v1/locations/:id/start-bins',
    permission: 'inventory:adjust',
    summary: 'Keep every unit of a location by bin from now on',
    description: 'What is there stands in no bin until it is put away. There is no way back.',
    input: of.StartBins,
    output: of.StartedBins,
    errors: [location_not_found],
    example: { id: 'MAIN' },
    run: startBins,
  }),
  query('warehouse.list_places', {
    rest: 'GET /api/v1/warehouse/places',
    permission: 'inventory:read',
    summary: 'List what lies where, by item, bin, lot and state',
    input: of.ListPlaces,
    output: of.Places,
    errors: [item_not_found, location_not_found],
    example: { location_id: 'MAIN', unplaced: true, limit: 50 },
    run: listPlaces,
  }),
  command('warehouse.move_units', {
    rest: 'POST /api/v1/warehouse/moves',
    permission: 'inventory:adjust',
    summary: 'Put units into other bins of their location',
    description:
      'All lines or none. Units are taken from `from_bin` (null: those that stand in no bin), else ' +
      'as they would be picked. The stock of the location is the same.',
    input: of.MoveUnits,
    output: of.MovedUnits,
    errors: [
      item_not_found,
      location_not_found,
      errors.bin_not_found,
      errors.bin_elsewhere,
      errors.not_in_bins,
      errors.not_there,
      errors.serial_not_there,
    ],
    example: {
      location_id: 'MAIN',
      lines: [{ item_id: 'MUG-BLUE', quantity: 12, from_bin: null, to_bin: 'MAIN-A-01-1' }],
    },
    run: moveUnits,
  }),
]

export const placeOperations = [...zones, ...bins, ...units]
