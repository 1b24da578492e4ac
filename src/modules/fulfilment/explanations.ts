/** What each code that chooses a place says, for people: those of `WHY` in inventory, and ours. */
const WORDS: Record<string, string> = {
  asked: 'Whoever ordered named the location.',
  only_location: 'No other location had any.',
  priority: 'It is the first of the locations, by priority, that had all of it.',
  fewest_splits: 'With it, the order leaves from as few locations as possible.',
  preferred_location: 'A routing rule prefers it.',
  nearest_region: 'Of the locations that had it, it is the nearest to the buyer.',
  availability: 'It has more to give than the others.',
  moved: 'The work was moved there.',
  backorder: 'Nothing was in stock; the units are promised once more comes in.',
  preorder: 'It is sold ahead of its first day; the units are promised once they come in.',
  default: 'No stock is tracked, so it goes where the rest of the order is, else to the first.',
  split: 'Staff split it off.',
}

/** Why work is where it is, in a sentence. */
export const explanationOf = (rule: string): string =>
  WORDS[rule] ?? `The rule ${rule.replaceAll('_', ' ')} chose it.`
