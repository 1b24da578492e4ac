/** Lines of one cart. */
export const LINES_MAX = 500
/** Units on one line. */
export const QUANTITY_MAX = 1_000_000
/** Coupon codes of one cart. */
export const CODES_MAX = 10
/** Characters of a cart's or a line's metadata, printed. */
export const METADATA_MAX = 8000
/** Characters of a guest's secret. */
export const SESSION_MIN = 16
