import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { remember } from '#platform/remembered'
import { categoryEvents } from '../events.ts'
import { db } from '../tables.ts'

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

export const rememberedTree = remember({
  topic: 'catalogue.categories',
  forgotten_on: Object.values(categoryEvents),
  key: () => '',
  read: async (ctx, _: object) => ({
    value: new CategoryTree(await liveCategories(ctx, {})),
    until: null,
  }),
})

/** The tree as it was a moment ago: read again when it has changed. For queries only. */
export const categoryTree = (ctx: Context): Promise<CategoryTree> => rememberedTree(ctx, {})
