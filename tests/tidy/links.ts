import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** A document without what stands in fences, where brackets are code. */
export const withoutFences = (text: string): string => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')

type Document = { path: string; text: string }

/** Links of a document to a file that is not there, or to a title that the file does not have. */
export function brokenLinks({ path, text }: Document, documents: readonly Document[]): string[] {
  return linksOf(text).flatMap((link) => {
    const [file = '', title] = link.split('#')
    const target = file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file)))
    if (!existsSync(target)) return [`${path} links to ${link}, which is not there`]
    const document = documents.find((one) => one.path === target)
    if (title === undefined || document === undefined) return []
    return titlesOf(document.text).has(title)
      ? []
      : [`${path} links to ${link}, and ${target} has no such title`]
  })
}

/** Links inside the project; those to other places would make a check depend on the network. */
const linksOf = (text: string): string[] =>
  [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))

/** The titles of a document, as links name them. */
const titlesOf = (text: string): Set<string> =>
  new Set(
    [...withoutFences(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/[^\p{L}\p{N}_\- ]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
