import { document } from '../../tools/chart/page'

/** What the figures are drawn on: in a README a column of this width is what GitHub and npm show. */
export const canvas = { document, width: 720 }
