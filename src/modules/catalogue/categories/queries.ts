import type { Static } from 'typebox'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageByPosition } from '#platform/database/list-pages'
import { catalogueErrors } from '../errors.ts'
import { db } from '../tables.ts'
import { type CategoryRow, findCategory } from './find.ts'
import {
  type Category,
  type CategoryTreeAnswer,
  type GetCategory,
  type GetTree,
  type ListCategories,
  type ListedCategory,
  TREE_MAX,
} from './schemas.ts'
import { CategoryTree, categoryTree, type Node } from './tree.ts'

/** Live categories in their order; those of one parent, or all. */
export async function listCategories(
  ctx: Context,
  query: ListCategories,
): Promise<Page<Static<typeof ListedCategory>>> {
  let rows = db(ctx).selectFrom('categories').where('archived_at', 'is', null)
  if (query.parent === 'root') rows = rows.where('parent_id', 'is', null)
  else if (query.parent !== undefined) {
    rows = rows.where('parent_id', '=', (await findCategory(ctx, query.parent)).id)
  }
  const tell = (found: CategoryRow[]) => found.map(listed)
  return pageByPosition(ctx, query, { rows: rows.selectAll(), tell })
}

/** A category with those above it. */
export async function getCategory(ctx: Context, { id: ref }: GetCategory): Promise<Category> {
  return withPath(await findCategory(ctx, ref), await categoryTree(ctx))
}

/** Deeper no shop is; it ends a walk that a broken tree would not. */
const DEPTH_MAX = 100

/** What a command answers: read past what is remembered. */
export async function categoryAfter(ctx: Context, id: string): Promise<Category> {
  const row = await findCategory(ctx, id)
  const above: Node[] = []
  for (let parent = row.parent_id; parent !== null && above.length < DEPTH_MAX; ) {
    const found = await findCategory(ctx, parent)
    above.push(found)
    parent = found.parent_id
  }
  return withPath(row, new CategoryTree([row, ...above]))
}

/** The tree, or a part of it, each category before those below it. */
export async function getCategoryTree(
  ctx: Context,
  { root, depth = 50 }: GetTree,
): Promise<CategoryTreeAnswer> {
  const tree = await categoryTree(ctx)
  const top = root === undefined ? undefined : tree.find(root)
  if (root !== undefined && !top) throw catalogueErrors.category_not_found({ category: root })
  const items: CategoryTreeAnswer['items'] = []
  const waiting = [...(top ? [top] : tree.childrenOf(null))].toReversed().map((node) => ({
    node,
    depth: 0,
  }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (items.length === TREE_MAX) return { items, complete: false }
    const { number: _, ...node } = next.node
    items.push({ ...node, depth: next.depth })
    if (next.depth + 1 >= depth) continue
    for (const below of tree.childrenOf(node.id).toReversed()) {
      waiting.push({ node: below, depth: next.depth + 1 })
    }
  }
  return { items, complete: true }
}

function withPath(row: CategoryRow, tree: CategoryTree): Category {
  const [, ...above] = tree.upFrom(row)
  const path = above.toReversed().map(({ id, name, slug }) => ({ id, name, slug }))
  return { ...listed(row), path }
}

const listed = ({ number: _, archived_at: __, ...row }: CategoryRow) => row
