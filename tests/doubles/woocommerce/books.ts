// What a pretended WooCommerce keeps, and the rules of its REST API v3 documents (products,
// variations, orders; woocommerce.github.io/woocommerce-rest-api-docs).

import { Refusal } from '../refusal.ts'
import { Categories } from './categories.ts'
import { badParam, type Page, paged, type Resource } from './pages.ts'

export type { Page, Resource } from './pages.ts'

type Json = Record<string, any>

/** Who reads what is not there is told 404, who writes it 400: so do its controllers. */
const missing = (what: string, status = 404) =>
  new Refusal(status, `woocommerce_rest_${what}_invalid_id`, 'Invalid ID.')
/** A product with variations has no price of its own. */
const NO_PRICE = { price: '', regular_price: '', sale_price: '' }
const ATTRIBUTE_SLUG = /[^a-z0-9]+/g
const minor = (text: unknown) => Math.round(Number(text ?? 0) * 100)
const printed = (amount: number) => (amount / 100).toFixed(2)

/** The products and orders of one shop. Time passes only when it is told to. */
export class Books {
  readonly products = new Map<number, Resource>()
  readonly categories = new Categories()
  readonly orders = new Map<number, Resource>()
  now = new Date()
  #last_id = 700

  /** WooCommerce tells UTC in whole seconds, without saying that it is UTC. */
  #instant = () => this.now.toISOString().slice(0, 19)

  #stamp(resource: Json, isNew: boolean): void {
    const at = this.#instant()
    resource.date_modified = at
    resource.date_modified_gmt = at
    if (isNew) Object.assign(resource, { date_created: at, date_created_gmt: at })
  }

  createProduct(sent: Json, parent_id = 0): Resource {
    this.#requireFreeSku(sent.sku)
    const id = ++this.#last_id
    const product: Resource = {
      id,
      parent_id,
      name: '',
      slug: `product-${id}`,
      type: parent_id ? 'variation' : 'simple',
      status: 'publish',
      sku: '',
      description: '',
      short_description: '',
      regular_price: '',
      sale_price: '',
      manage_stock: false,
      stock_quantity: null,
      stock_status: 'instock',
      backorders: 'no',
      date_on_sale_from_gmt: null,
      date_on_sale_to_gmt: null,
      weight: '',
      images: [],
      ...(!parent_id && { categories: this.categories.named([]) }),
      attributes: [],
      variations: [],
      meta_data: [],
      permalink: `https://woo.example/product/${id}/`,
    }
    this.products.set(id, product)
    if (parent_id) this.product(parent_id).variations.push(id)
    return this.#change(product, sent, true)
  }

  product(id: number, parent_id?: number, status = 404): Resource {
    const found = this.products.get(id)
    if (!found || (parent_id !== undefined && found.parent_id !== parent_id)) {
      throw missing(parent_id ? 'product_variation' : 'product', status)
    }
    return found
  }

  updateProduct(id: number, sent: Json, parent_id?: number): Resource {
    const product = this.product(id, parent_id, 400)
    if (sent.sku !== undefined && !isSame(sent.sku, product.sku)) this.#requireFreeSku(sent.sku)
    return this.#change(product, sent, false)
  }

  #change(product: Resource, sent: Json, isNew: boolean): Resource {
    const { images, image, description, attributes, categories, ...rest } = sent
    // What is null is as good as not said.
    const said = Object.entries(rest).filter(([, value]) => value !== null)
    Object.assign(product, Object.fromEntries(said))
    if (categories) product.categories = this.categories.named(categories)
    if (attributes) product.attributes = this.#attributes(product, attributes)
    // Pictures are fetched and get addresses of the shop itself; text becomes HTML.
    const pictures = images ?? (image ? [image] : undefined)
    if (pictures) {
      product.images = pictures.map(({ src }: Json, nth: number) => ({
        id: product.id * 10 + nth,
        src: `https://woo.example/uploads/${String(src).split('/').at(-1)}`,
      }))
    }
    if (description !== undefined) {
      product.description = description === '' ? '' : `<p>${escaped(description)}</p>\n`
    }
    if (product.manage_stock === true) {
      product.stock_quantity = Math.trunc(Number(product.stock_quantity ?? 0))
      product.stock_status = product.stock_quantity > 0 ? 'instock' : 'outofstock'
    } else product.stock_quantity = null
    // A sale that is no cheaper is none.
    if (product.sale_price !== '' && minor(product.sale_price) >= minor(product.regular_price)) {
      product.sale_price = ''
    }
    product.on_sale = this.#isOnSale(product)
    product.price = product.on_sale ? product.sale_price : product.regular_price
    if (product.type === 'variable') Object.assign(product, NO_PRICE)
    this.#stamp(product, isNew)
    return product
  }

  #isOnSale({ sale_price, date_on_sale_from_gmt: from, date_on_sale_to_gmt: to }: Json): boolean {
    const now = this.#instant()
    return sale_price !== '' && (!from || from <= now) && (!to || to > now)
  }

  /** A variation may choose only what its product varies in; of anything else nothing is kept. */
  #attributes(product: Resource, sent: Json[]): Json[] {
    if (!product.parent_id) return sent.map((one) => ({ id: 0, options: [], ...one }))
    const whole = this.product(product.parent_id).attributes.filter((one: Json) => one.variation)
    return sent.flatMap(({ name, option }) => {
      const known = whole.find((one: Json) => slugOf(one.name) === slugOf(name))
      return known ? [{ id: 0, name: known.name, option: option ?? '' }] : []
    })
  }

  #requireFreeSku(sku: string | undefined): void {
    const taken = this.#live().some((one) => sku && isSame(one.sku, sku))
    if (!taken) return
    throw new Refusal(400, 'product_invalid_sku', 'Invalid or duplicated SKU.')
  }

  /** What lies in the trash keeps its id and is in no list, and its SKU is free again. */
  #live = () => [...this.products.values()].filter(({ status }) => status !== 'trash')

  trashProduct(id: number): void {
    this.#change(this.product(id), { status: 'trash' }, false)
  }

  deleteProduct(id: number): void {
    this.products.delete(id)
  }

  createOrder(sent: Json): Resource {
    const { set_paid, ...said } = sent
    const id = ++this.#last_id
    const line_items = (said.line_items ?? []).map((line: Json) => this.#line(line))
    const costs = [...line_items, ...(said.shipping_lines ?? []), ...(said.fee_lines ?? [])]
    const total = costs.reduce(
      (sum: number, one: Json) => sum + minor(one.total) + minor(one.total_tax),
      0,
    )
    const order: Resource = {
      id,
      number: String(id),
      status: 'pending',
      currency: 'USD',
      transaction_id: '',
      customer_note: '',
      shipping_lines: [],
      fee_lines: [],
      meta_data: [],
      billing: {},
      shipping: {},
      date_paid_gmt: null,
      ...said,
      line_items,
      total: printed(total),
    }
    this.orders.set(id, order)
    this.#stamp(order, true)
    if (set_paid) this.#pay(order)
    return order
  }

  #line(line: Json): Json {
    const item = this.product(Number(line.variation_id || line.product_id))
    const total = line.total ?? printed(minor(item.price) * line.quantity)
    return {
      id: ++this.#last_id,
      name: item.name,
      sku: item.sku,
      product_id: line.product_id,
      variation_id: line.variation_id ?? 0,
      quantity: line.quantity,
      subtotal: line.subtotal ?? total,
      total,
      total_tax: line.total_tax ?? '0.00',
    }
  }

  /** What is paid is in work, and its units are off the shop's own stock. */
  #pay(order: Resource): void {
    order.status = 'processing'
    order.date_paid_gmt = this.#instant()
    for (const { product_id, variation_id, quantity } of order.line_items) {
      const item = this.product(Number(variation_id || product_id))
      if (item.manage_stock !== true) continue
      item.stock_quantity -= quantity
      this.#stamp(item, false)
    }
  }

  order(id: number): Resource {
    const found = this.orders.get(id)
    if (!found) throw missing('shop_order')
    return found
  }

  updateOrder(id: number, sent: Json): Resource {
    const order = this.orders.get(id)
    if (!order) throw missing('shop_order', 400)
    const { meta_data = [], ...rest } = sent
    Object.assign(order, rest)
    for (const one of meta_data) {
      order.meta_data = [...order.meta_data.filter(({ key }: Json) => key !== one.key), one]
    }
    this.#stamp(order, false)
    return order
  }

  /** A page of a list, and how many there are in all. */
  list(name: 'products' | 'orders', query: URLSearchParams): Page {
    const modified_after = instantIn(query, 'modified_after')
    const after = instantIn(query, 'after')
    const sku = query.get('sku')
    const all = name === 'products' ? this.#live() : [...this.orders.values()]
    const found = all.filter(
      (one) =>
        (modified_after === null || one.date_modified_gmt > modified_after) &&
        (after === null || one.date_created_gmt > after) &&
        (sku === null ? !one.parent_id : sku.split(',').some((wanted) => isSame(wanted, one.sku))),
    )
    return paged(found, query)
  }

  variations(parent_id: number, query: URLSearchParams): Page {
    this.product(parent_id)
    return paged(
      this.#live().filter((one) => one.parent_id === parent_id),
      query,
    )
  }
}

/** Dates are ISO 8601 with a time, or the request is refused. */
function instantIn(query: URLSearchParams, name: string): string | null {
  const said = query.get(name)
  if (said !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$/.test(said)) {
    throw badParam(name)
  }
  return said === null ? null : said.slice(0, 19)
}

const slugOf = (text: string) => text.toLowerCase().replace(ATTRIBUTE_SLUG, '-')

/** Its database compares without regard to case. */
const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
