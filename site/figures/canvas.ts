import { document } from '../../tools/chart/page'

/** What the figures are drawn on: narrow enough to be read in a README on a phone. */
export const canvas = { document, width: 600 }
