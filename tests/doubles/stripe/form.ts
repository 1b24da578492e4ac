/** A body or query as Stripe takes it: `a[b]=1`, `list[0][c]=2`, `list[]=3`. */
export function readForm(text: string): Record<string, any> {
  const root: Record<string, any> = {}
  for (const [name, value] of new URLSearchParams(text)) put(root, pathOf(name), value)
  return root
}

const pathOf = (name: string): string[] => {
  const [first = '', ...rest] = name.split('[')
  return [first, ...rest.map((part) => part.replace(/\]$/, ''))]
}

function put(into: any, [name = '', ...rest]: string[], value: string): void {
  const key = name === '' ? Object.keys(into).length : name
  if (rest.length === 0) {
    into[key] = value
    return
  }
  const next = rest[0] ?? ''
  into[key] ??= next === '' || /^\d+$/.test(next) ? [] : {}
  put(into[key], rest, value)
}
