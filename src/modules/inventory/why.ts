/** What chose the location of promised units; stored with the promise as its explanation. */
export const WHY = {
  /** Whoever asked named the location. */
  asked: 'asked',
  /** No other location had any. */
  only_location: 'only_location',
  /** The first location, by priority, that could give all. */
  priority: 'priority',
  /** Fewer locations than any other choice. */
  fewest_splits: 'fewest_splits',
  /** A rule names the location. */
  preferred_location: 'preferred_location',
  /** It is nearer to the destination than others. */
  nearest_region: 'nearest_region',
  /** It has more to give than others. */
  availability: 'availability',
  /** It was held at another location before. */
  moved: 'moved',
  /** It waits for stock, or did. */
  backorder: 'backorder',
  /** It was sold ahead of its first day, and waits or did. */
  preorder: 'preorder',
} as const
export type Why = (typeof WHY)[keyof typeof WHY]
