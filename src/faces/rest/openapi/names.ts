/** `order_lines` → `OrderLines`. */
export const pascal = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')

/** The singular of an English plural, as far as our nouns need it. */
export function singular(text: string): string {
  if (/(ss|us|is|news|series|status)$/.test(text)) return text
  if (text.endsWith('ies')) return `${text.slice(0, -3)}y`
  if (/(ses|xes|zes|ches|shes)$/.test(text)) return text.slice(0, -2)
  return text.endsWith('s') ? text.slice(0, -1) : text
}

const VERBS = new Set([
  'add',
  'change',
  'create',
  'find',
  'get',
  'list',
  'read',
  'search',
  'update',
])

const partsOf = (operation: string): { module: string; words: string[] } => {
  const [module = '', action = ''] = operation.split('.')
  return { module, words: action.split('_') }
}

/** What an operation's body is called: `orders.cancel` → `CancelOrder`. */
export function requestName(operation: string): string {
  const { module, words } = partsOf(operation)
  return pascal(words.length > 1 ? words.join('_') : `${words[0]}_${singular(module)}`)
}

/** What an operation's answer is called: `orders.get` → `Order`, `access.list_users` → `User`. */
export function answerName(operation: string): string {
  const { module, words } = partsOf(operation)
  const [verb = '', ...noun] = words
  if (!VERBS.has(verb)) return `${requestName(operation)}Result`
  return pascal(singular(noun.length > 0 ? noun.join('_') : module))
}

/** Reads (their answers name things best) before everything else. */
export const readsFirst = (operation: string): number =>
  /\.(get|read)\b/.test(operation) ? 0 : /\.list\b/.test(operation) ? 1 : 2
