import type { Id } from '#kit/ids'
import { type Context, perProcess } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db } from '../tables.ts'

/** What is announced when the tree changes. */
export const CATEGORIES = 'catalogue.categories'

const liveCategories = prepared(db, (open) =>
  open
    .selectFrom('categories')
    .select(['id', 'number', 'name', 'slug', 'parent_id', 'position'])
    .where('archived_at', 'is', null)
    .orderBy('position')
    .orderBy('id'),
)
export type Node = Awaited<ReturnType<typeof liveCategories>>[number]

/** All live categories. There are thousands at most, and every list that shows them needs them. */
export class CategoryTree {
  readonly #byRef = new Map<string, Node>()
  readonly #byNumber = new Map<number, Node>()
  readonly #below: Map<Id<'category'> | null, Node[]>

  constructor(nodes: readonly Node[]) {
    for (const node of nodes) {
      this.#byRef.set(node.id, node)
      this.#byNumber.set(node.number, node)
    }
    for (const node of nodes) if (!this.#byRef.has(node.slug)) this.#byRef.set(node.slug, node)
    this.#below = Map.groupBy(nodes, ({ parent_id }) => parent_id)
  }

  /** The category that an id or a slug names. */
  find = (ref: string): Node | undefined => this.#byRef.get(ref.toLowerCase())

  numbered = (number: number): Node | undefined => this.#byNumber.get(number)

  /** Those right below, in their order; of null, those at the top. */
  childrenOf = (id: Id<'category'> | null): readonly Node[] => this.#below.get(id) ?? []

  /** A category and all above it, from itself up. */
  upFrom(node: Node): Node[] {
    const path = [node]
    for (let at = node; at.parent_id !== null; ) {
      const parent = this.#byRef.get(at.parent_id)
      if (!parent || path.includes(parent)) break
      path.push(parent)
      at = parent
    }
    return path
  }

  /** A category and all below it. */
  downFrom(node: Node): Node[] {
    const all = [node]
    for (const at of all) all.push(...this.childrenOf(at.id))
    return all
  }
}

type Kept = { mark: string; tree: CategoryTree }
const keptTree = perProcess(() => ({ kept: undefined as Kept | undefined }))

/** The tree as it was a moment ago: read again when a change was announced. For queries only. */
export async function categoryTree(ctx: Context): Promise<CategoryTree> {
  const memory = keptTree(ctx)
  const mark = ctx.mark(CATEGORIES)
  if (mark !== undefined && memory.kept?.mark === mark) return memory.kept.tree
  const tree = new CategoryTree(await liveCategories(ctx, {}))
  if (mark !== undefined) memory.kept = { mark, tree }
  return tree
}
