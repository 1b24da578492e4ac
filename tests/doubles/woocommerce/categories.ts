import { Refusal } from '../refusal.ts'
import { type Page, paged, type Resource } from './pages.ts'

type Json = Record<string, any>
const missing = () => new Refusal(404, 'woocommerce_rest_term_invalid', 'Resource does not exist.')

/** The categories of a shop, which are terms of WordPress: they have no time of change. */
export class Categories {
  readonly all = new Map<number, Resource>()
  #last_id = 14
  /** Where everything is filed that is in no other. */
  readonly uncategorized = this.create({ name: 'Uncategorized' })

  create({ name = '', slug = slugOf(name), parent = 0, description = '' }: Json): Resource {
    if (parent && !this.all.has(parent)) throw missing()
    const siblings = [...this.all.values()].filter((one) => one.parent === parent)
    const isThere = siblings.some((one) => one.name === escaped(name) && one.slug === slug)
    if (isThere) {
      const message = 'A term with the name provided already exists with this parent.'
      throw new Refusal(400, 'term_exists', message)
    }
    const id = ++this.#last_id
    const made = { id, name: '', slug: this.#free(slug), parent, description: '', menu_order: 0 }
    this.all.set(id, made)
    return this.update(id, { name, description })
  }

  get(id: number): Resource {
    const found = this.all.get(id)
    if (!found) throw missing()
    return found
  }

  update(id: number, { name, description, ...sent }: Json): Resource {
    const category = this.get(id)
    Object.assign(category, sent)
    // Text is kept as HTML.
    if (name !== undefined) category.name = escaped(name)
    if (description !== undefined) category.description = escaped(description)
    return category
  }

  delete(id: number): void {
    this.all.delete(id)
  }

  list(query: URLSearchParams): Page {
    const slug = query.get('slug')
    const parent = query.get('parent')
    const found = [...this.all.values()].filter(
      (one) =>
        (slug === null || one.slug === slug) && (parent === null || one.parent === Number(parent)),
    )
    return paged(found, query)
  }

  /** What a product tells of its categories; those that are not there are passed over. */
  named(sent: Json[]): Json[] {
    const known = sent.flatMap(({ id }) => this.all.get(Number(id)) ?? [])
    const filed = known.length > 0 ? known : [this.uncategorized]
    return filed.map(({ id, name, slug }) => ({ id, name, slug }))
  }

  #free(slug: string): string {
    const taken = (wish: string) => [...this.all.values()].some((one) => one.slug === wish)
    let wish = slug
    for (let nth = 2; taken(wish); nth++) wish = `${slug}-${nth}`
    return wish
  }
}

const slugOf = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
