import { command, Nothing, query } from '#platform/operations'
import { getAttribute, listAttributes } from './attributes/queries.ts'
import * as attribute from './attributes/schemas.ts'
import { getCategory, getCategoryTree, listCategories } from './categories/queries.ts'
import * as category from './categories/schemas.ts'
import { archiveCategory } from './commands/archive-category.ts'
import { createAttribute } from './commands/create-attribute.ts'
import { createCategory } from './commands/create-category.ts'
import { deleteAttribute } from './commands/delete-attribute.ts'
import { moveCategory } from './commands/move-category.ts'
import { updateAttribute } from './commands/update-attribute.ts'
import { updateCategory } from './commands/update-category.ts'
import { catalogueErrors as errors } from './errors.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

const categories = [
  query('catalogue.list_categories', {
    rest: 'GET /api/v1/categories',
    permission: 'public',
    summary: 'List categories',
    description: 'By their position; all of them, or those in one category.',
    input: category.ListCategories,
    output: category.Categories,
    errors: [errors.category_not_found],
    example: { parent: 'root', limit: 20 },
    run: listCategories,
  }),
  query('catalogue.get_category_tree', {
    rest: 'GET /api/v1/categories/tree',
    permission: 'public',
    summary: 'Read the tree of categories',
    consistency: 'statement',
    input: category.GetTree,
    output: category.CategoryTreeAnswer,
    errors: [errors.category_not_found],
    example: { depth: 3 },
    run: getCategoryTree,
  }),
  query('catalogue.get_category', {
    rest: 'GET /api/v1/categories/:id',
    permission: 'public',
    summary: 'Read a category with those above it',
    input: category.GetCategory,
    output: category.Category,
    errors: [errors.category_not_found],
    example: { id: EXAMPLE_ID },
    run: getCategory,
  }),
  command('catalogue.create_category', {
    rest: 'POST /api/v1/categories',
    permission: 'inventory:adjust',
    summary: 'Add a category',
    description: 'Without a slug it gets one made of its name.',
    status: 201,
    input: category.CreateCategory,
    output: category.Category,
    errors: [errors.category_not_found, errors.slug_taken],
    example: { name: 'Mugs & cups', slug: 'mugs', parent_id: null },
    run: createCategory,
  }),
  command('catalogue.update_category', {
    rest: 'PUT /api/v1/categories/:id',
    permission: 'inventory:adjust',
    summary: "Change a category's facts",
    description: 'Only what is named changes. It is moved by an operation of its own.',
    input: category.UpdateCategory,
    output: category.Category,
    errors: [errors.category_not_found, errors.slug_taken],
    example: { id: EXAMPLE_ID, name: 'Mugs' },
    run: updateCategory,
  }),
  command('catalogue.move_category', {
    rest: 'POST /api/v1/categories/:id/move',
    permission: 'inventory:adjust',
    summary: 'Put a category, with all below it, elsewhere in the tree',
    input: category.MoveCategory,
    output: category.Category,
    errors: [errors.category_not_found, errors.category_cycle],
    example: { id: EXAMPLE_ID, parent_id: null, position: 0 },
    run: moveCategory,
  }),
  command('catalogue.archive_category', {
    rest: 'DELETE /api/v1/categories/:id',
    permission: 'inventory:adjust',
    summary: 'Take a category out of the tree',
    description: 'Its products stay. Its slug stays taken.',
    status: 204,
    input: category.GetCategory,
    output: Nothing,
    errors: [errors.category_not_found, errors.category_has_children],
    example: { id: EXAMPLE_ID },
    run: archiveCategory,
  }),
]

const attributes = [
  query('catalogue.list_attributes', {
    rest: 'GET /api/v1/attributes',
    permission: 'public',
    summary: 'List what products can have a value of',
    input: attribute.ListAttributes,
    output: attribute.Attributes,
    example: { limit: 20 },
    run: listAttributes,
  }),
  query('catalogue.get_attribute', {
    rest: 'GET /api/v1/attributes/:id',
    permission: 'public',
    summary: 'Read an attribute',
    consistency: 'statement',
    input: attribute.GetAttribute,
    output: attribute.Attribute,
    errors: [errors.attribute_not_found],
    example: { id: EXAMPLE_ID },
    run: getAttribute,
  }),
  command('catalogue.create_attribute', {
    rest: 'POST /api/v1/attributes',
    permission: 'inventory:adjust',
    summary: 'Define an attribute',
    status: 201,
    input: attribute.CreateAttribute,
    output: attribute.Attribute,
    errors: [errors.attribute_taken],
    example: { code: 'volume', label: 'Volume', type: 'number', unit: 'ml' },
    run: createAttribute,
  }),
  command('catalogue.update_attribute', {
    rest: 'PUT /api/v1/attributes/:id',
    permission: 'inventory:adjust',
    summary: "Change an attribute's facts",
    description: 'Only what is named changes; code and type stay.',
    input: attribute.UpdateAttribute,
    output: attribute.Attribute,
    errors: [errors.attribute_not_found, errors.choice_in_use],
    example: { id: EXAMPLE_ID, label: 'Capacity' },
    run: updateAttribute,
  }),
  command('catalogue.delete_attribute', {
    rest: 'DELETE /api/v1/attributes/:id',
    permission: 'inventory:adjust',
    summary: 'Forget an attribute of which no product has a value',
    status: 204,
    input: attribute.GetAttribute,
    output: Nothing,
    errors: [errors.attribute_not_found, errors.attribute_in_use],
    example: { id: EXAMPLE_ID },
    run: deleteAttribute,
  }),
]

export const structureOperations = [...categories, ...attributes]
