import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { Slug } from '../slugs.ts'

const { Optional } = Type

/** What names a category in a request. */
export const CategoryRef = Text(100, { description: "The category's id or slug." })
const Position = Type.Integer({ minimum: 0, maximum: 1_000_000 })
const Parent = Type.Unsafe<string | null>({
  ...Nullable(CategoryRef),
  description: 'The category that it stands in, by id or slug; null is the top.',
})

const named = {
  id: IdSchema('category'),
  name: Type.String(),
  slug: Type.String(),
  parent_id: Nullable(IdSchema('category')),
  position: Type.Integer({ description: 'Its place among its siblings, rising.' }),
}
const plain = {
  ...named,
  description: Nullable(Type.String()),
  image_url: Nullable(Type.String()),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
}
const Above = Type.Object({ id: IdSchema('category'), name: Type.String(), slug: Type.String() })

export const ListedCategory = Type.Object(plain)
export const Category = Type.Object({
  ...plain,
  path: Type.Array(Above, { description: 'The categories above it, the topmost first.' }),
})
export type Category = Static<typeof Category>
export const Categories = PageOf(ListedCategory)

export const TREE_MAX = 1_000
export const CategoryTreeAnswer = Type.Object({
  items: Type.Array(Type.Object({ ...named, depth: Type.Integer({ minimum: 0 }) }), {
    description: `Each before those below it; at most ${TREE_MAX}.`,
  }),
  complete: Type.Boolean({ description: 'False where more were left out.' }),
})
export type CategoryTreeAnswer = Static<typeof CategoryTreeAnswer>

export const GetCategory = Type.Object({ id: CategoryRef })
export type GetCategory = Static<typeof GetCategory>
export const ListCategories = Type.Object({
  ...pageQuery,
  parent: Optional(
    Text(100, { description: 'Those in this category, by id or slug; `root` is the top.' }),
  ),
})
export type ListCategories = Static<typeof ListCategories>
export const GetTree = Type.Object({
  root: Optional(CategoryRef),
  depth: Optional(Type.Integer({ minimum: 1, maximum: 50, default: 50 })),
})
export type GetTree = Static<typeof GetTree>

const told = {
  description: Optional(Nullable(LongText(2000))),
  image_url: Optional(Nullable(Text(2000))),
  position: Optional(Position),
}
export const CreateCategory = Type.Object({
  name: Text(255),
  slug: Optional(Slug),
  parent_id: Optional(Parent),
  ...told,
})
export type CreateCategory = Static<typeof CreateCategory>
export const UpdateCategory = Type.Object({
  id: CategoryRef,
  name: Optional(Text(255)),
  slug: Optional(Slug),
  ...told,
})
export type UpdateCategory = Static<typeof UpdateCategory>
export const MoveCategory = Type.Object({
  id: CategoryRef,
  parent_id: Parent,
  position: Optional(Position),
})
export type MoveCategory = Static<typeof MoveCategory>
