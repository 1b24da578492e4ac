// What a pretended WooCommerce keeps, and the rules of its REST API v3 documents (products,
// variations, orders; woocommerce.github.io/woocommerce-rest-api-docs).

export class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

type Json = Record<string, any>
export type Resource = Json & { id: number }

const missing = (what: string) =>
  new Refusal(404, `woocommerce_rest_${what}_invalid_id`, 'Invalid ID.')
const minor = (text: unknown) => Math.round(Number(text ?? 0) * 100)
const printed = (amount: number) => (amount / 100).toFixed(2)

/** The products and orders of one shop. Time passes only when it is told to. */
export class Books {
  readonly products = new Map<number, Resource>()
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
      weight: '',
      images: [],
      attributes: [],
      variations: [],
      meta_data: [],
      permalink: `https://woo.example/product/${id}/`,
    }
    this.products.set(id, product)
    if (parent_id) this.product(parent_id).variations.push(id)
    return this.#change(product, sent, true)
  }

  product(id: number, parent_id?: number): Resource {
    const found = this.products.get(id)
    if (!found || (parent_id !== undefined && found.parent_id !== parent_id)) {
      throw missing('product')
    }
    return found
  }

  updateProduct(id: number, sent: Json, parent_id?: number): Resource {
    const product = this.product(id, parent_id)
    if (sent.sku !== undefined && !isSame(sent.sku, product.sku)) this.#requireFreeSku(sent.sku)
    return this.#change(product, sent, false)
  }

  #change(product: Resource, sent: Json, isNew: boolean): Resource {
    const { images, image, description, ...rest } = sent
    Object.assign(product, rest)
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
    if (product.manage_stock !== true) product.stock_quantity = null
    product.price = product.sale_price || product.regular_price
    this.#stamp(product, isNew)
    return product
  }

  #requireFreeSku(sku: string | undefined): void {
    const taken = [...this.products.values()].some((one) => sku && isSame(one.sku, sku))
    if (!taken) return
    throw new Refusal(400, 'product_invalid_sku', 'Invalid or duplicated SKU.')
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
    const order = this.order(id)
    const { meta_data = [], ...rest } = sent
    Object.assign(order, rest)
    for (const one of meta_data) {
      order.meta_data = [...order.meta_data.filter(({ key }: Json) => key !== one.key), one]
    }
    this.#stamp(order, false)
    return order
  }

  list(name: 'products' | 'orders', query: URLSearchParams): Resource[] {
    const modified_after = query.get('modified_after')
    const after = query.get('after')
    const sku = query.get('sku')
    const found = [...this[name].values()].filter(
      (one) =>
        (modified_after === null || one.date_modified_gmt > modified_after) &&
        (after === null || one.date_created_gmt > after) &&
        (sku === null ? !one.parent_id : sku.split(',').some((wanted) => isSame(wanted, one.sku))),
    )
    const key = query.get('orderby') === 'modified' ? 'date_modified_gmt' : 'id'
    found.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : a.id - b.id))
    if (query.get('order') !== 'asc') found.reverse()
    const per_page = Number(query.get('per_page') ?? 10)
    const from = (Number(query.get('page') ?? 1) - 1) * per_page
    return found.slice(from, from + per_page)
  }
}

/** Its database compares without regard to case. */
const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
