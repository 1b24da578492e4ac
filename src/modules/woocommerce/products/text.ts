const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#039;': "'",
  '&#39;': "'",
  '&#8211;': '–',
  '&#8217;': '’',
  '&nbsp;': ' ',
  '&amp;': '&',
}

/** Text as people read it: WordPress keeps names and descriptions as HTML. */
export function plainText(html: string): string {
  const lines = html.replace(/\r/g, '').replace(/<br\s*\/?>|<\/p>/gi, '\n')
  const bare = lines.replace(/<[^>]*>/g, '')
  const read = bare.replace(/&[a-z#0-9]+;/gi, (entity) => ENTITIES[entity.toLowerCase()] ?? entity)
  return read
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{2,}/g, '\n\n')
    .trim()
}
